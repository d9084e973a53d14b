package io.signalbox.host;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/** A publisher in Python on the library that vLLM publishes with. */
final class PyZmq implements AutoCloseable {
  private final Process process;
  private final Writer input;
  private final int port;
  private final int replayPort;

  private PyZmq(Process process, int port, int replayPort) {
    this.process = process;
    this.input = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.US_ASCII);
    this.port = port;
    this.replayPort = replayPort;
  }

  static PyZmq start() throws IOException {
    return start(FreePort.find(), FreePort.find());
  }

  static PyZmq start(int port, int replayPort) throws IOException {
    var process =
        PythonLibrary.of("pyzmq", "zmq").script("publisher.py", "" + port, "" + replayPort).start();
    var output = new BufferedReader(process.inputReader(StandardCharsets.US_ASCII));
    if (!"ready".equals(output.readLine())) {
      throw new IOException("the publisher does not start");
    }
    Thread.ofVirtual().start(() -> output.lines().forEach(line -> {}));
    return new PyZmq(process, port, replayPort);
  }

  int port() {
    return port;
  }

  int replayPort() {
    return replayPort;
  }

  /** Has it do something; see the script. */
  void tell(String line) throws IOException {
    input.write(line + "\n");
    input.flush();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
