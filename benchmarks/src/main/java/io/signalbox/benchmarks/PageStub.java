package io.signalbox.benchmarks;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import java.util.stream.IntStream;

/** Engines that have a metrics page and nothing else, each on a port of its own. */
final class PageStub extends VerticleBase {
  private final Buffer page = Buffer.buffer(MetricsPages.vllm());
  private final int firstPort;
  private final int count;

  private PageStub(int firstPort, int count) {
    this.firstPort = firstPort;
    this.count = count;
  }

  /** Serves until it is killed: the first port, and how many from there on. */
  public static void main(String[] args) {
    int firstPort = Integer.parseInt(args[0]);
    int count = Integer.parseInt(args[1]);
    StubServer.run(() -> new PageStub(firstPort, count));
  }

  @Override
  public Future<?> start() {
    return Future.all(
        IntStream.range(firstPort, firstPort + count)
            .mapToObj(port ->
                vertx
                    .createHttpServer()
                    .requestHandler(request ->
                        request
                            .response()
                            .putHeader("content-type", "text/plain; version=0.0.4")
                            .end(page.copy()))
                    .listen(port, "127.0.0.1"))
            .toList());
  }
}
