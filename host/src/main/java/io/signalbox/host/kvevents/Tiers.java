package io.signalbox.host.kvevents;

import io.signalbox.host.prefix.CacheTier;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;

/** How engines call the places of blocks. */
final class Tiers {
  /** Every other name, known or not, is a lower tier: it is worth less. */
  private static final Set<String> DEVICE = Set.of("", "gpu", "hbm", "tpu", "npu", "xpu", "hpu");

  private Tiers() {}

  /** Engines that name no place have one. */
  static CacheTier read(PayloadReader reader) throws IOException {
    return reader.skipNil() || DEVICE.contains(reader.text("medium").toLowerCase(Locale.ROOT))
        ? CacheTier.DEVICE
        : CacheTier.LOWER;
  }
}
