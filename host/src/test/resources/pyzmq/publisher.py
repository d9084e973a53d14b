"""Publishes as vLLM's ZmqEventPublisher does, what it is told on standard input, a line each:

send HEX     publishes a payload, and keeps it for who asks
drop HEX     keeps it, but never publishes it: a subscriber's queue was full
lose HEX     neither: only the number is used up
forget       keeps nothing any more
raw HEX ...  publishes frames as they are

It writes "ready PORT REPLAY_PORT", then "asked NUMBER" for each question.
"""

import sys
import threading
from collections import deque

import zmq

context = zmq.Context()
live = context.socket(zmq.PUB)
replay = context.socket(zmq.ROUTER)
ports = [int(port) for port in sys.argv[1:3]]
for socket, port in zip((live, replay), ports):
    socket.setsockopt(zmq.LINGER, 0)
    socket.bind("tcp://127.0.0.1:%d" % port)
print("ready", flush=True)

kept = deque(maxlen=10_000)
number = 0
lines = deque()


def read():
    for line in sys.stdin:
        lines.append(line.split())
    lines.append(["end"])


threading.Thread(target=read, daemon=True).start()


def answer():
    client, _, start = replay.recv_multipart()
    start = int.from_bytes(start, "big")
    print("asked", start, flush=True)
    for at, payload in kept:
        if at >= start:
            replay.send_multipart((client, b"", at.to_bytes(8, "big"), payload))
    replay.send_multipart((client, b"", (-1).to_bytes(8, "big", signed=True), b""))


while True:
    if replay.poll(0 if lines else 5):
        answer()
    if not lines:
        continue
    word, *arguments = lines.popleft()
    if word == "end":
        break
    elif word == "forget":
        kept.clear()
    elif word == "raw":
        live.send_multipart([bytes.fromhex(frame) for frame in arguments])
    else:
        payload = bytes.fromhex(arguments[0])
        if word == "send":
            live.send_multipart((b"", number.to_bytes(8, "big"), payload))
        if word != "lose":
            kept.append((number, payload))
        number += 1
