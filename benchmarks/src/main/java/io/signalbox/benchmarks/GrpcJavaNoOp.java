package io.signalbox.benchmarks;

import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.signalbox.envoy.extproc.v3.ProcessingRequest;
import io.signalbox.envoy.extproc.v3.ProcessingResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** An ext_proc server on grpc-java with fixed answers: its handler runs on the event loops. */
final class GrpcJavaNoOp {
  private static final String SERVICE = "envoy.service.ext_proc.v3.ExternalProcessor";
  private static final int WINDOW_BYTES = 4 * 1024 * 1024;

  private GrpcJavaNoOp() {}

  /** Serves on the port given, until it is killed. */
  public static void main(String[] args) throws IOException, InterruptedException {
    var method =
        MethodDescriptor.<ProcessingRequest, ProcessingResponse>newBuilder()
            .setType(MethodType.BIDI_STREAMING)
            .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "Process"))
            .setRequestMarshaller(ProtoUtils.marshaller(ProcessingRequest.getDefaultInstance()))
            .setResponseMarshaller(ProtoUtils.marshaller(ProcessingResponse.getDefaultInstance()))
            .build();
    var service =
        ServerServiceDefinition.builder(SERVICE)
            .addMethod(method, ServerCalls.asyncBidiStreamingCall(Exchange::new))
            .build();
    NettyServerBuilder.forAddress(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])))
        .bossEventLoopGroup(new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory()))
        .workerEventLoopGroup(
            new MultiThreadIoEventLoopGroup(Workspace.EVENT_LOOPS, EpollIoHandler.newFactory()))
        .channelType(EpollServerSocketChannel.class)
        .directExecutor()
        .initialFlowControlWindow(WINDOW_BYTES)
        .maxInboundMessageSize(32 * 1024 * 1024)
        .addService(service)
        .build()
        .start()
        .awaitTermination();
  }

  private record Exchange(StreamObserver<ProcessingResponse> answers, FixedAnswers fixed)
      implements StreamObserver<ProcessingRequest> {
    Exchange(StreamObserver<ProcessingResponse> answers) {
      this(answers, new FixedAnswers());
    }

    @Override
    public void onNext(ProcessingRequest message) {
      answers.onNext(fixed.to(message));
    }

    @Override
    public void onError(Throwable reset) {
      // How Envoy ends every exchange.
    }

    @Override
    public void onCompleted() {
      answers.onCompleted();
    }
  }
}
