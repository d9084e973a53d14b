package io.signalbox.host.script;

import java.util.OptionalInt;

/** A script failed. The message says what and where, and holds nothing of the request. */
public final class ScriptException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private static final int MAX_MESSAGE = 500;

  /** When it failed. */
  public enum Phase {
    /** The text is not of its language. */
    PARSE,
    /** The file ran for the first time. */
    EVALUATE,
    /** What it declares was looked at. */
    SHAPE,
    /** It was asked. */
    CALL,
    /** It was told how a request goes. */
    OBSERVE,
    /** It saved or restored its state. */
    STATE,
    /** It was told that it will not be asked again. */
    END
  }

  /** How it failed. */
  public enum Kind {
    /** It threw, or is not what a plugin must be. */
    GUEST_ERROR,
    /** It answered, but not with what its kind of strategy answers with. */
    WRONG_ANSWER,
    /** It was interrupted; it can be called again. */
    INTERRUPTED,
    /** It was closed meanwhile, for good. */
    CANCELLED,
    /** It asked for more memory or stack than there is. */
    RESOURCE,
    /** It wants the request refused, with an HTTP status. */
    REFUSED,
    /** The language runtime failed. */
    INTERNAL
  }

  /**
   * Where in a plugin.
   *
   * @param file path below the plugin's folder; empty where unknown
   * @param line from 1; 0 where unknown
   * @param column from 1; 0 where unknown
   */
  public record Place(String file, int line, int column) {
    /** Nowhere in particular. */
    public static final Place UNKNOWN = new Place("", 0, 0);

    @Override
    public String toString() {
      if (file.isEmpty()) {
        return "";
      }
      return file + (line > 0 ? ":" + line : "") + (line > 0 && column > 0 ? ":" + column : "");
    }
  }

  private final Phase phase;
  private final Kind kind;
  private final String problem;
  private final transient Place place;
  private final int status;

  ScriptException(Phase phase, Kind kind, String problem, Place place) {
    this(phase, kind, problem, place, 0);
  }

  private ScriptException(Phase phase, Kind kind, String problem, Place place, int status) {
    super(place.file().isEmpty() ? cut(problem) : place + ": " + cut(problem), null, false, false);
    this.phase = phase;
    this.kind = kind;
    this.problem = cut(problem);
    this.place = place;
    this.status = status;
  }

  static ScriptException refused(int status, String detail, Place place) {
    return new ScriptException(Phase.CALL, Kind.REFUSED, detail, place, status);
  }

  /** The same, said of this file if it was not known which. */
  ScriptException in(String file) {
    return place.file().isEmpty()
        ? new ScriptException(phase, kind, problem, new Place(file, 0, 0), status)
        : this;
  }

  private static String cut(String text) {
    return text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE - 1) + "…";
  }

  /** When it failed. */
  public Phase phase() {
    return phase;
  }

  /** How it failed. */
  public Kind kind() {
    return kind;
  }

  /** What is wrong, without the place; at most 500 characters. Of a refusal, its detail. */
  public String problem() {
    return problem;
  }

  /** Where in the plugin. */
  public Place place() {
    return place;
  }

  /** Of a refusal, the HTTP status it asks for; empty otherwise. */
  public OptionalInt status() {
    return kind == Kind.REFUSED ? OptionalInt.of(status) : OptionalInt.empty();
  }
}
