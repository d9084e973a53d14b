package io.signalbox.host.prefix;

/** Where an engine keeps a block. */
public enum CacheTier {
  /** The accelerator's own memory: the block is there to be used. */
  DEVICE,

  /** Host memory, a disk, another machine: it must be brought back first. */
  LOWER
}
