package io.signalbox.host.config;

/** Where the KV events of a model's engines come from. */
public enum KvSource {
  /** Topics that a bridge, or engines themselves, write to. */
  KAFKA,

  /** The engines' own publishers. */
  ZEROMQ,

  /** Nowhere: what they have cached is learned from requests. */
  OFF
}
