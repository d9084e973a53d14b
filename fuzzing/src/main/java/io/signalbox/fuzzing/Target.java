package io.signalbox.fuzzing;

import io.signalbox.host.chain.ChainTarget;
import io.signalbox.host.config.ConfigTarget;
import io.signalbox.host.extproc.ExtProcTarget;
import io.signalbox.host.extproc.MessageTarget;
import io.signalbox.host.ingest.PageTarget;
import io.signalbox.host.kvevents.BatchTarget;
import io.signalbox.host.request.AnswerTarget;
import io.signalbox.host.request.BodyTarget;
import java.util.Locale;

/** What is fuzzed. Each has its inputs, of which we know what they are good for, in a folder. */
public enum Target {
  BODY,
  ANSWER,
  CHAIN,
  PAGE,
  BATCH,
  MESSAGE,
  EXT_PROC,
  CONFIG;

  /** Its name on the command line, and that of its folder in {@code corpus}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public String toString() {
    return id();
  }

  FuzzTarget make() {
    return switch (this) {
      case BODY -> new BodyTarget();
      case ANSWER -> new AnswerTarget();
      case CHAIN -> new ChainTarget();
      case PAGE -> new PageTarget();
      case BATCH -> new BatchTarget();
      case MESSAGE -> new MessageTarget();
      case EXT_PROC -> new ExtProcTarget();
      case CONFIG -> new ConfigTarget();
    };
  }
}
