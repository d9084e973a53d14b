#!/bin/sh
# Unpacks the files of the scripts' languages, which the Java machine would else unpack into the user's home at the start.
# Usage: unpack-languages.sh JAVA_HOME LIB FOLDER. They are for the kind of machine that this runs on: a folder in FOLDER.
set -eu

rm -rf "$3"
# A build without languages.
[ -d "$2/jit" ] || exit 0
exec "$1/bin/java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  -cp "$2/*" "$(dirname "$0")/UnpackLanguages.java" "$3/$(uname -s)-$(uname -m)"
