package io.signalbox.host;

import io.signalbox.host.SoakFault.Befalls;
import io.signalbox.host.SoakRecord.Notice;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * When which fault comes: in an order that the seed decides, on some lanes at once, and on each the
 * next when the one before is over. So a slow machine makes fewer of them, and no others.
 */
final class SoakSchedule {
  private static final Duration MOST_PAUSE = Duration.ofSeconds(2);

  private final SoakFaults faults;
  private final Queue<Notice> notices = new ConcurrentLinkedQueue<>();
  private final List<Thread> lanes = new ArrayList<>();
  private volatile boolean stopped;

  SoakSchedule(SoakFaults faults) {
    this.faults = faults;
  }

  /** Faults in an order that chance decides, all of them before any comes again. */
  private static final class Turns {
    private final List<SoakFault> all;
    private final Random random;
    private final Deque<SoakFault> next = new ArrayDeque<>();
    private int given;

    Turns(List<SoakFault> all, Random random) {
      this.all = new ArrayList<>(all);
      this.random = random;
    }

    synchronized SoakFault next() {
      if (next.isEmpty()) {
        Collections.shuffle(all, random);
        next.addAll(all);
      }
      given++;
      return next.remove();
    }

    synchronized boolean allGiven() {
      return given >= all.size();
    }
  }

  void start(long seed) {
    var random = new Random(seed);
    for (var befalls : Befalls.values()) {
      var turns = new Turns(befalls.faults(), new Random(random.nextLong()));
      for (int i = 0; i < befalls.atOnce(); i++) {
        lane(turns, new Random(random.nextLong()));
      }
    }
  }

  private void lane(Turns turns, Random random) {
    lanes.add(
        Thread.ofVirtual()
            .name("soak-faults-" + lanes.size())
            .start(() -> {
              while (!stopped || !turns.allGiven()) {
                notices.add(faults.make(turns.next()));
                LockSupport.parkNanos(random.nextLong(MOST_PAUSE.toNanos()));
              }
            }));
  }

  /** Lets those end that are under way, and those come that did not yet. */
  void stop() {
    stopped = true;
  }

  boolean isOver() {
    return lanes.stream().noneMatch(Thread::isAlive);
  }

  List<Notice> notices() {
    return List.copyOf(notices);
  }
}
