package io.signalbox.host.telemetry;

/** The ways a request comes in. */
public enum Door {
  GATEWAY("gateway"),
  EXT_PROC("ext-proc");

  private final String id;

  Door(String id) {
    this.id = id;
  }

  /** The value of the label {@code door}. */
  public String id() {
    return id;
  }
}
