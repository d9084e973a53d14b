package io.signalbox.host.tracing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Takes spans by OTLP over HTTP, as a collector does, and remembers them. */
public final class SpanReceiver implements AutoCloseable {
  /** What it does with a batch. */
  public enum Mood {
    TAKES,
    REFUSES,
    /** Until it is closed. */
    HOLDS
  }

  private static final int OK = 200;
  private static final int BAD_REQUEST = 400;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Span> spans = new CopyOnWriteArrayList<>();
  private final List<ResourceSpans> resources = new CopyOnWriteArrayList<>();
  private final List<String> texts = new CopyOnWriteArrayList<>();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Mood mood = Mood.TAKES;

  public SpanReceiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/v1/traces", this::take);
    server.start();
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = exchange.getRequestBody().readAllBytes();
      switch (mood) {
        case TAKES -> {
          remember(body);
          authorizations.add(
              String.valueOf(exchange.getRequestHeaders().getFirst("authorization")));
          exchange.sendResponseHeaders(OK, -1);
        }
        case REFUSES -> exchange.sendResponseHeaders(BAD_REQUEST, -1);
        case HOLDS -> closed.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void remember(byte[] body) throws IOException {
    var request = ExportTraceServiceRequest.parseFrom(body);
    texts.add(new String(body, StandardCharsets.ISO_8859_1));
    resources.addAll(request.getResourceSpansList());
    request.getResourceSpansList().stream()
        .flatMap(resource -> resource.getScopeSpansList().stream())
        .forEach(scope -> spans.addAll(scope.getSpansList()));
  }

  /** From now on it does this. */
  public void becomes(Mood next) {
    mood = next;
  }

  /** What came so far. */
  public List<Span> spans() {
    return spans;
  }

  /** Who sent it. */
  public List<ResourceSpans> resources() {
    return resources;
  }

  /** The same as it came: texts of spans are to be found in it. */
  public List<String> texts() {
    return texts;
  }

  /** The header of each batch. */
  public List<String> authorizations() {
    return authorizations;
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + port());
  }

  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.close();
  }
}
