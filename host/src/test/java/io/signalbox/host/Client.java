package io.signalbox.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** An HTTP/1.1 client of one loopback port: the JDK's, so that not both ends are Vert.x. */
record Client(int port) {
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  static final String CHAT = "/v1/chat/completions";

  HttpResponse<String> get(String path) {
    return send(request(path).GET());
  }

  /** A chat completion; {@code headers} are names and values in turn. */
  HttpResponse<String> chat(String body, String... headers) {
    return send(chatRequest(body, headers));
  }

  CompletableFuture<HttpResponse<String>> chatAsync(String body, String... headers) {
    return HTTP.sendAsync(chatRequest(body, headers).build(), BodyHandlers.ofString());
  }

  /** A JSON body to a path. */
  CompletableFuture<HttpResponse<String>> postAsync(String path, String body) {
    return HTTP.sendAsync(
        request(path)
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  /** A chat completion whose answer is read as it comes. */
  HttpResponse<InputStream> chatStream(String body, String... headers) {
    return send(chatRequest(body, headers), BodyHandlers.ofInputStream());
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(30));
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    return send(request, BodyHandlers.ofString());
  }

  private HttpRequest.Builder chatRequest(String body, String... headers) {
    var request =
        request(CHAT)
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(body));
    return headers.length == 0 ? request : request.headers(headers);
  }

  private static <T> HttpResponse<T> send(
      HttpRequest.Builder request, HttpResponse.BodyHandler<T> body) {
    try {
      return HTTP.send(request.build(), body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
