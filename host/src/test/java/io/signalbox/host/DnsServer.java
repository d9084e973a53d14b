package io.signalbox.host;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A name server on loopback, over UDP and TCP: RFC 1035 as far as a client of A and SRV needs. */
final class DnsServer implements AutoCloseable {
  private static final int A = 1;
  private static final int SRV = 33;
  private static final int LARGEST_DATAGRAM = 512;

  private final DatagramSocket udp;
  private final ServerSocket tcp;
  private final Map<String, List<byte[]>> records = new ConcurrentHashMap<>();
  private volatile boolean silent;
  private volatile boolean askedOverTcp;

  DnsServer() throws IOException {
    tcp = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    udp = new DatagramSocket(tcp.getLocalPort(), InetAddress.getLoopbackAddress());
    var _ = Thread.ofPlatform().daemon().start(this::serveUdp);
    var _ = Thread.ofPlatform().daemon().start(this::serveTcp);
  }

  String address() {
    return "127.0.0.1:" + tcp.getLocalPort();
  }

  /** From now on a name has these addresses. */
  void addresses(String name, String... ips) throws IOException {
    var its = Arrays.stream(ips).map(DnsServer::ip).toList();
    records.put(key(name, A), its);
  }

  /** From now on a name has these services: priority, port and target in turn. */
  void services(String name, Object... services) throws IOException {
    var its = new ArrayList<byte[]>();
    for (int i = 0; i < services.length; i += 3) {
      var bytes = new ByteArrayOutputStream();
      var out = new DataOutputStream(bytes);
      out.writeShort((Integer) services[i]);
      out.writeShort(0);
      out.writeShort((Integer) services[i + 1]);
      name(out, services[i + 2].toString());
      its.add(bytes.toByteArray());
    }
    records.put(key(name, SRV), List.copyOf(its));
  }

  /** From now on it answers nobody, or again. */
  void silent(boolean wanted) {
    silent = wanted;
  }

  boolean askedOverTcp() {
    return askedOverTcp;
  }

  private static byte[] ip(String text) {
    try {
      return InetAddress.getByName(text).getAddress();
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static String key(String name, int type) {
    return name + "/" + type;
  }

  private static void name(DataOutputStream out, String name) throws IOException {
    for (var label : name.split("\\.", -1)) {
      var bytes = label.getBytes(StandardCharsets.US_ASCII);
      out.writeByte(bytes.length);
      out.write(bytes);
    }
    out.writeByte(0);
  }

  private void serveUdp() {
    try {
      while (true) {
        var packet = new DatagramPacket(new byte[4_096], 4_096);
        udp.receive(packet);
        var answer = answer(Arrays.copyOf(packet.getData(), packet.getLength()));
        if (!silent) {
          var fits = answer.length <= LARGEST_DATAGRAM ? answer : truncated(answer);
          udp.send(new DatagramPacket(fits, fits.length, packet.getSocketAddress()));
        }
      }
    } catch (SocketException e) {
      // It was closed.
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The header alone, with the flag that says so. */
  private static byte[] truncated(byte[] answer) {
    var head = Arrays.copyOf(answer, 12);
    head[2] |= 2;
    for (int i = 4; i < 12; i++) {
      head[i] = 0;
    }
    return head;
  }

  private void serveTcp() {
    try {
      while (true) {
        try (var socket = tcp.accept()) {
          askedOverTcp = true;
          var in = new DataInputStream(socket.getInputStream());
          var question = new byte[in.readUnsignedShort()];
          in.readFully(question);
          var answer = answer(question);
          var out = new DataOutputStream(socket.getOutputStream());
          out.writeShort(answer.length);
          out.write(answer);
          out.flush();
          // The client closes when it has read.
          var _ = in.read();
        }
      }
    } catch (SocketException e) {
      // It was closed.
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] answer(byte[] question) throws IOException {
    var name = new StringBuilder();
    int at = 12;
    while (question[at] != 0) {
      name.append(name.isEmpty() ? "" : ".");
      name.append(new String(question, at + 1, question[at], StandardCharsets.US_ASCII));
      at += question[at] + 1;
    }
    int type = ((question[at + 1] & 0xff) << 8) | (question[at + 2] & 0xff);
    int questionEnd = at + 5;
    var its = records.getOrDefault(key(name.toString(), type), List.of());
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.write(question, 0, 2);
    boolean known = records.keySet().stream().anyMatch(key -> key.startsWith(name + "/"));
    out.writeShort(known ? 0x8580 : 0x8583);
    out.writeShort(1);
    out.writeShort(its.size());
    out.writeInt(0);
    out.write(question, 12, questionEnd - 12);
    for (var data : its) {
      out.writeShort(0xc00c);
      out.writeShort(type);
      out.writeShort(1);
      out.writeInt(1);
      out.writeShort(data.length);
      out.write(data);
    }
    return bytes.toByteArray();
  }

  @Override
  public void close() throws IOException {
    udp.close();
    tcp.close();
  }
}
