# Sourced by the launchers of a checkout and of the distribution: runs the host with their arguments. Set before: JAVA_HOME,
# class_path, and lib, the folder of the libraries with what else is unpacked there.

# Scripts are compiled by modules that the Java machine takes in place of its own. That slows every start and stops machines
# that lack them, so only commands that run scripts do it.
compiles_scripts() {
  case "${1-}" in
    run | demo | plugins) [ -d "$lib/jit" ] || return 1 ;;
    *) return 1 ;;
  esac
  # The compiler refuses a JDK before 25.0.3.
  case "$(sed -n 's/^JAVA_VERSION="\(.*\)"$/\1/p' "$JAVA_HOME/release")" in
    25 | 25.0.[0-2] | 25.0.[0-2].*) return 1 ;;
  esac
}

compiler=
case "${SIGNALBOX_SCRIPTS-on}" in
  on) ! compiles_scripts "$@" || compiler=yes ;;
  off) ;;
  *)
    echo "signalbox: SIGNALBOX_SCRIPTS must be on or off, not \"$SIGNALBOX_SCRIPTS\"" >&2
    exit 2
    ;;
esac

# What would be unpacked into the file system at the start, where it was unpacked before: the files of the scripts' languages,
# for this kind of machine alone, and Netty's native code. Elsewhere the Java machine unpacks it, if it can.
languages="$lib/polyglot/$(uname -s)-$(uname -m)"
[ -d "$languages" ] || languages=
native="$lib/native"
[ -d "$native" ] || native=

# Netty and protobuf use native code and Unsafe; a small heap to start with keeps an idle host small.
# The order of the compiler's options matters. SIGNALBOX_JAVA_OPTS comes last, so it wins.
# shellcheck disable=SC2086
exec "$JAVA_HOME/bin/java" \
  ${compiler:+-XX:+UnlockExperimentalVMOptions -XX:+EnableJVMCI "--upgrade-module-path=$lib/jit"} \
  ${languages:+"-Dpolyglot.engine.resourcePath=$languages"} \
  ${native:+"-Djava.library.path=$native"} \
  --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  -XX:+UseCompactObjectHeaders -Xms64m \
  -Dvertx.logger-delegate-factory-class-name=io.vertx.core.logging.SLF4JLogDelegateFactory \
  ${SIGNALBOX_JAVA_OPTS-} \
  -cp "$class_path" \
  io.signalbox.host.Main "$@"
