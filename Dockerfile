# Signalbox as an image. The last target has both languages of scripts; the one without Python is smaller:
#
#   docker build -t signalbox .
#   docker build -t signalbox --target javascript .
#   docker run --read-only -v "$PWD/my.yaml:/etc/signalbox/signalbox.yaml:ro" -p 8080:8080 signalbox

FROM eclipse-temurin:25-jdk AS sources
WORKDIR /build
COPY . .

FROM sources AS build-javascript
RUN ./mvnw -B -ntp -Dmaven.test.skip -DskipPython -pl distribution -am package
RUN mkdir -p /opt/signalbox && tar -xzf distribution/target/signalbox-*.tar.gz --strip-components=1 -C /opt/signalbox

FROM sources AS build-python
RUN ./mvnw -B -ntp -Dmaven.test.skip -pl distribution -am package
RUN mkdir -p /opt/signalbox && tar -xzf distribution/target/signalbox-*.tar.gz --strip-components=1 -C /opt/signalbox

FROM eclipse-temurin:25-jre AS base
# Nothing is written, so the root file system may be read-only, and the user needs no home.
USER 65532:65532
EXPOSE 8080 8090 50052
ENTRYPOINT ["/opt/signalbox/bin/signalbox"]
CMD ["run", "-c", "/etc/signalbox/signalbox.yaml"]

FROM base AS javascript
COPY --from=build-javascript /opt/signalbox /opt/signalbox

FROM base AS python
COPY --from=build-python /opt/signalbox /opt/signalbox
