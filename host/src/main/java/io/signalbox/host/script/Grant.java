package io.signalbox.host.script;

/** One thing an operator may let a script do that no script may do otherwise. */
public enum Grant {
  /** Open sockets. */
  NETWORK,
  /** Read and write the files of this machine. */
  FILES,
  /** See the environment variables. */
  ENVIRONMENT,
  /** Start threads. */
  THREADS,
  /** Start processes. */
  PROCESSES,
  /** Use any Java class: whoever has this may do everything the router may. */
  HOST_CLASSES
}
