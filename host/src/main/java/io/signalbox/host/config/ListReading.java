package io.signalbox.host.config;

/** How a list without weights, such as {@code least-request, least-kv-cache}, is read. */
public enum ListReading {
  /** Each entry narrows what the one before left: a multi-level sort. */
  NARROW,
  /** As AIBrix reads it: all entries are one weighted stage, each of weight 1. */
  WEIGHTED
}
