package io.signalbox.host.extproc;

import io.signalbox.benchmarks.FixedAnswers;
import io.signalbox.benchmarks.StubServer;
import io.signalbox.envoy.extproc.v3.ProcessingRequest;
import io.signalbox.envoy.extproc.v3.ProcessingResponse;
import io.signalbox.host.config.ExtProcConfig;
import io.signalbox.host.config.ListenConfig;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.grpc.common.GrpcMessageEncoder;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.ServiceName;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerOptions;
import io.vertx.grpc.server.GrpcServerRequest;
import org.jspecify.annotations.NullMarked;

/**
 * An ext_proc server as one is made with Vert.x: the door's options and transport, the generated
 * codec, fixed answers.
 */
@NullMarked
public final class VertxNoOp extends VerticleBase {
  private static final ServiceMethod<ProcessingRequest, ProcessingResponse> PROCESS =
      ServiceMethod.server(
          ServiceName.create(ExtProcDoor.SERVICE),
          "Process",
          GrpcMessageEncoder.encoder(),
          new GeneratedReader());

  private final ExtProcConfig config;

  private VertxNoOp(ExtProcConfig config) {
    this.config = config;
  }

  /** Serves on the port given, until it is killed. */
  public static void main(String[] args) {
    var config =
        ExtProcConfig.DEFAULT.at(new ListenConfig(true, "127.0.0.1", Integer.parseInt(args[0])));
    StubServer.run(() -> new VertxNoOp(config));
  }

  @Override
  public Future<?> start() {
    var grpc =
        GrpcServer.server(
                vertx,
                new GrpcServerOptions()
                    .setMaxMessageSize(
                        (long) config.maxBodyBytes() + ExtProcDoor.MESSAGE_OVERHEAD_BYTES))
            .callHandler(PROCESS, rpc -> new Exchange(rpc).start(context));
    return vertx
        .createHttpServer(ExtProcDoor.options(config))
        .connectionHandler(ResetGuard::install)
        .requestHandler(grpc)
        .listen();
  }

  /** One stream, ended as {@link ExtProcStream} ends it. */
  private static final class Exchange {
    private final GrpcServerRequest<ProcessingRequest, ProcessingResponse> rpc;
    private boolean gone;

    Exchange(GrpcServerRequest<ProcessingRequest, ProcessingResponse> rpc) {
      this.rpc = rpc;
    }

    void start(Context context) {
      var fixed = new FixedAnswers();
      rpc.handler(message -> rpc.response().write(fixed.to(message)));
      rpc.endHandler(end -> context.runOnContext(turn -> end()));
      rpc.errorHandler(error -> gone = true);
      rpc.exceptionHandler(failure -> gone = true);
    }

    private void end() {
      if (!gone) {
        rpc.response().end();
      }
    }
  }
}
