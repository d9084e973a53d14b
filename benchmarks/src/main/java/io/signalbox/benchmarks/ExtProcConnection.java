package io.signalbox.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import io.signalbox.benchmarks.ExtProcScript.Step;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One of Envoy's connections to the server; everything but {@link #start} runs on its loop. */
final class ExtProcConnection extends Http2FrameAdapter {
  /*
   * An exchange is a stream: the steps of a script, each sent when the one before was answered.
   * After the last answer Envoy sends END_STREAM and RST_STREAM together. The first answer of a step
   * is known by its first byte, the tag of the oneof in ProcessingResponse; of further ones, such as
   * the slices of a body, the number and the bytes count.
   */
  private static final int FRAME_HEAD_BYTES = 5;
  private static final int WINDOW_BYTES = 4 * 1024 * 1024;

  private static final Http2Headers HEAD =
      new DefaultHttp2Headers()
          .method("POST")
          .scheme("http")
          .path("/envoy.service.ext_proc.v3.ExternalProcessor/Process")
          .authority("signalbox")
          .add("te", "trailers")
          .add("content-type", "application/grpc")
          .add("x-envoy-internal", "true")
          .add("x-forwarded-for", "127.0.0.1");

  private final List<Step> steps;
  private final Tally tally;
  private final Slots slots;
  private final IntObjectMap<Exchange> exchanges = new IntObjectHashMap<>();
  private final Http2ConnectionHandler handler =
      new Http2ConnectionHandlerBuilder()
          .server(false)
          .initialSettings(Http2Settings.defaultSettings().initialWindowSize(WINDOW_BYTES))
          .frameListener(this)
          .build();
  private @Nullable Channel channel;

  /** One slot, and the exchange it is busy with. */
  private static final class Exchange {
    private final ByteBuf received = Unpooled.buffer(1024);
    private int step;
    private int answers;
    private int bytes;
    private long startedAtNanos;
  }

  ExtProcConnection(ExtProcScript script, Tally tally, Slots slots) {
    this.steps = script.steps();
    this.tally = tally;
    this.slots = slots;
  }

  Http2ConnectionHandler handler() {
    return handler;
  }

  void use(Channel connected) {
    channel = connected;
    var _ = connected.closeFuture().addListener(closed -> closed());
  }

  /** Starts this many slots. */
  void start(int count) {
    if (channel == null || !channel.isActive()) {
      tally.failed("not connected");
      return;
    }
    var context = channel.pipeline().context(handler);
    for (int i = 0; i < count; i++) {
      slots.enter();
    }
    context
        .executor()
        .execute(() -> {
          for (int i = 0; i < count; i++) {
            beginAt(slots.first(), context, new Exchange());
          }
          handler.flush(context);
        });
  }

  /** The time may be over already; it counts nevertheless. */
  private void beginAt(long startNanos, ChannelHandlerContext context, Exchange exchange) {
    long waitNanos = startNanos - System.nanoTime();
    exchange.startedAtNanos = startNanos;
    if (waitNanos <= 0) {
      begin(context, exchange);
      return;
    }
    var _ =
        context
            .executor()
            .schedule(
                () -> {
                  if (slots.goOn()) {
                    begin(context, exchange);
                    handler.flush(context);
                  } else {
                    slots.leave();
                  }
                },
                waitNanos,
                TimeUnit.NANOSECONDS);
  }

  private void begin(ChannelHandlerContext context, Exchange exchange) {
    int stream = handler.connection().local().incrementAndGetNextStreamId();
    exchanges.put(stream, exchange);
    exchange.received.clear();
    exchange.step = 0;
    exchange.answers = 0;
    exchange.bytes = 0;
    var _ = handler.encoder().writeHeaders(context, stream, HEAD, 0, false, context.newPromise());
    send(context, stream, steps.getFirst().messages());
  }

  private void send(ChannelHandlerContext context, int stream, ByteBuf message) {
    var data = message.retainedDuplicate();
    var _ = handler.encoder().writeData(context, stream, data, 0, false, context.newPromise());
  }

  @Override
  public int onDataRead(
      ChannelHandlerContext context, int stream, ByteBuf data, int padding, boolean end)
      throws Http2Exception {
    int consumed = data.readableBytes() + padding;
    var exchange = exchanges.get(stream);
    if (exchange != null) {
      exchange.received.writeBytes(data);
      answered(context, stream, exchange);
    }
    return consumed;
  }

  private void answered(ChannelHandlerContext context, int stream, Exchange exchange)
      throws Http2Exception {
    var received = exchange.received;
    while (received.readableBytes() >= FRAME_HEAD_BYTES
        && received.readableBytes()
            >= FRAME_HEAD_BYTES + received.getInt(received.readerIndex() + 1)) {
      int length = received.getInt(received.readerIndex() + 1);
      var step = steps.get(exchange.step);
      if (exchange.answers == 0
          && received.getByte(received.readerIndex() + FRAME_HEAD_BYTES) != step.tag()) {
        tally.failed("the answer in step " + exchange.step + " is not the one expected");
        finish(context, stream, exchange);
        return;
      }
      received.skipBytes(FRAME_HEAD_BYTES + length);
      exchange.answers++;
      exchange.bytes += length;
      if (exchange.answers >= step.answers() && exchange.bytes >= step.bytes()) {
        stepDone(context, stream, exchange);
        return;
      }
    }
    received.discardReadBytes();
  }

  private void stepDone(ChannelHandlerContext context, int stream, Exchange exchange)
      throws Http2Exception {
    exchange.received.clear();
    exchange.step++;
    exchange.answers = 0;
    exchange.bytes = 0;
    if (exchange.step < steps.size()) {
      send(context, stream, steps.get(exchange.step).messages());
    } else {
      tally.completed(exchange.startedAtNanos);
      finish(context, stream, exchange);
    }
  }

  private void finish(ChannelHandlerContext context, int stream, Exchange exchange)
      throws Http2Exception {
    var encoder = handler.encoder();
    var _ =
        encoder.writeData(context, stream, Unpooled.EMPTY_BUFFER, 0, true, context.newPromise());
    // Without this the reset would overtake the end of the stream; a flush would part them.
    encoder.flowController().writePendingBytes();
    var _ =
        encoder.writeRstStream(
            context, stream, Http2Error.INTERNAL_ERROR.code(), context.newPromise());
    next(context, stream, exchange);
  }

  private void next(ChannelHandlerContext context, int stream, Exchange exchange) {
    exchanges.remove(stream);
    if (slots.goOn()) {
      beginAt(slots.next(exchange.startedAtNanos), context, exchange);
    } else {
      slots.leave();
    }
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext context,
      int stream,
      Http2Headers headers,
      int streamDependency,
      short weight,
      boolean exclusive,
      int padding,
      boolean end) {
    if (end) {
      lost(context, stream);
    }
  }

  @Override
  public void onRstStreamRead(ChannelHandlerContext context, int stream, long errorCode) {
    lost(context, stream);
  }

  /** The server ended a stream that should have gone on. */
  private void lost(ChannelHandlerContext context, int stream) {
    var exchange = exchanges.get(stream);
    if (exchange != null) {
      tally.failed("the server ended a stream");
      next(context, stream, exchange);
    }
  }

  private void closed() {
    for (int i = 0; i < exchanges.size(); i++) {
      tally.failed("the connection was closed");
      slots.leave();
    }
    exchanges.clear();
  }
}
