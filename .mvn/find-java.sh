# Sourced by ./mvnw and the launchers: sets JAVA_HOME to an installed Java 25, or stops and says what to install. It must be a
# JDK, unless java_kind is JRE: then one that only runs programs is enough.
# Looked at, in this order: JAVA_HOME, the java on PATH, then where Linux packages, SDKMAN, asdf, mise, Homebrew and macOS put JDKs.

java_kind="${java_kind-JDK}"

signalbox_is_java_25() {
  case "$java_kind" in
    JDK) [ -x "$1/bin/javac" ] || return 1 ;;
    *) [ -x "$1/bin/java" ] || return 1 ;;
  esac
  [ -f "$1/release" ] && grep -q '^JAVA_VERSION="25[."]' "$1/release"
}

signalbox_find_java() {
  if [ -n "${JAVA_HOME-}" ] && signalbox_is_java_25 "$JAVA_HOME"; then
    return 0
  fi
  signalbox_java_on_path="$(command -v java 2>/dev/null || true)"
  if [ -n "$signalbox_java_on_path" ]; then
    signalbox_java_on_path="$(readlink -f "$signalbox_java_on_path" 2>/dev/null || echo "$signalbox_java_on_path")"
    signalbox_java_on_path="${signalbox_java_on_path%/bin/java}"
  fi
  set +f
  for signalbox_candidate in \
    "$signalbox_java_on_path" \
    "${JAVA_HOME_25_X64-}" "${JAVA_HOME_25_ARM64-}" "${JDK25_HOME-}" \
    /usr/lib/jvm/*25* /usr/java/*25* /opt/java/openjdk /opt/*jdk*25* \
    "${HOME-}"/.sdkman/candidates/java/25* "${HOME-}"/.jdks/*25* \
    "${HOME-}"/.asdf/installs/java/*25* "${HOME-}"/.local/share/mise/installs/java/*25* \
    /opt/homebrew/opt/openjdk@25/libexec/openjdk.jdk/Contents/Home \
    /Library/Java/JavaVirtualMachines/*25*/Contents/Home; do
    if [ -n "$signalbox_candidate" ] && signalbox_is_java_25 "$signalbox_candidate"; then
      JAVA_HOME="$signalbox_candidate"
      export JAVA_HOME
      return 0
    fi
  done
  echo "Signalbox needs a $java_kind 25 and found none." >&2
  echo "Install one (for example Eclipse Temurin 25: Debian package temurin-25-$(echo "$java_kind" | tr '[:upper:]' '[:lower:]'), 'sdk install java 25-tem', 'brew install openjdk@25')" >&2
  echo "or set JAVA_HOME to it.${JAVA_HOME:+ JAVA_HOME is $JAVA_HOME, which is not a $java_kind 25.}" >&2
  return 1
}

signalbox_find_java || exit 1
