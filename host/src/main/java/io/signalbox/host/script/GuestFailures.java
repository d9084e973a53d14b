package io.signalbox.host.script;

import io.signalbox.host.script.ScriptException.Kind;
import io.signalbox.host.script.ScriptException.Phase;
import io.signalbox.host.script.ScriptException.Place;
import java.util.List;
import java.util.Set;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.SourceSection;
import org.jspecify.annotations.Nullable;

/** Turns whatever a call into a script ends with into a {@link ScriptException}. */
final class GuestFailures {
  private static final Set<String> OUT_OF_STACK = Set.of("RecursionError");
  private static final Set<String> OUT_OF_MEMORY = Set.of("MemoryError");

  /** Ranges that JavaScript and Python complain about when something is too large. */
  private static final List<String> TOO_LARGE =
      List.of(
          "Maximum call stack size exceeded",
          "Invalid string length",
          "Invalid array length",
          "Array buffer allocation failed",
          "cannot fit 'int' into an index-sized integer");

  /** How the runtimes say that a thing is not granted. */
  private static final List<String> NOT_GRANTED =
      List.of("SecurityException", "is not allowed", "was excluded", "are not allowed");

  private @Nullable Guest guest;

  /** Once the guest is there, it can say more. */
  void know(Guest started) {
    guest = started;
  }

  /**
   * The failure of a call.
   *
   * @param request of the call, if it had one
   */
  ScriptException of(Phase phase, Throwable thrown, @Nullable GuestRequest request) {
    return switch (thrown) {
      case ScriptException e -> e;
      case PolyglotException e -> of(phase, e, request);
      case StackOverflowError _ -> plain(phase, Kind.RESOURCE, "stack overflow");
      case OutOfMemoryError _ -> plain(phase, Kind.RESOURCE, "out of memory");
      case ShapeException e -> plain(phase, Kind.GUEST_ERROR, message(e));
      default -> plain(phase, Kind.INTERNAL, thrown.getClass().getSimpleName());
    };
  }

  /** The failure of whatever is done with a script that was closed. */
  static ScriptException closed(Phase phase) {
    return plain(phase, Kind.CANCELLED, "the script was closed");
  }

  /** The failure of a call that was stopped. */
  static ScriptException interrupted(Phase phase, Place place) {
    return new ScriptException(phase, Kind.INTERRUPTED, "took too long and was interrupted", place);
  }

  private static String message(Throwable thrown) {
    var message = thrown.getMessage();
    return message == null ? "" : message;
  }

  private static ScriptException plain(Phase phase, Kind kind, String problem) {
    return new ScriptException(phase, kind, problem, Place.UNKNOWN);
  }

  private ScriptException of(Phase phase, PolyglotException e, @Nullable GuestRequest request) {
    if (e.isCancelled()) {
      return closed(phase);
    }
    if (e.isInterrupted()) {
      return interrupted(phase, place(e));
    }
    if (e.isResourceExhausted()) {
      return new ScriptException(phase, Kind.RESOURCE, "out of memory or stack", place(e));
    }
    if (e.isExit()) {
      return new ScriptException(phase, Kind.GUEST_ERROR, "a plugin must not exit", place(e));
    }
    if (e.isHostException()) {
      return plain(phase, Kind.INTERNAL, e.asHostException().getClass().getSimpleName());
    }
    if (e.isInternalError()) {
      return internal(phase, e);
    }
    return thrown(phase, e, request);
  }

  private static ScriptException internal(Phase phase, PolyglotException e) {
    var message = message(e);
    return NOT_GRANTED.stream().anyMatch(message::contains)
        ? new ScriptException(
            phase,
            Kind.GUEST_ERROR,
            "not granted: " + message.substring(message.indexOf(':') + 1).strip(),
            place(e))
        : new ScriptException(phase, Kind.INTERNAL, firstLine(message), place(e));
  }

  private ScriptException thrown(Phase phase, PolyglotException e, @Nullable GuestRequest request) {
    var error = describe(e);
    var place = error.place().file().isEmpty() ? place(e) : error.place();
    if (error.status() != 0) {
      return ScriptException.refused(error.status(), error.detail(), place);
    }
    var message = withoutPlace(firstLine(message(e)));
    if (OUT_OF_STACK.contains(error.type())
        || OUT_OF_MEMORY.contains(error.type())
        || TOO_LARGE.stream().anyMatch(message::contains)) {
      return new ScriptException(phase, Kind.RESOURCE, message, place);
    }
    if (request != null && request.promptRead()) {
      var type = error.type().isEmpty() ? "an exception" : error.type();
      return new ScriptException(
          phase,
          Kind.GUEST_ERROR,
          type + " (its message is withheld: the prompt was read, and may be in it)",
          place);
    }
    var at = phase == Phase.EVALUATE && e.isSyntaxError() ? Phase.PARSE : phase;
    return new ScriptException(at, Kind.GUEST_ERROR, message, place);
  }

  private Guest.GuestError describe(PolyglotException e) {
    try {
      if (guest != null) {
        return guest.describe(e);
      }
    } catch (RuntimeException _) {
      // The exception's own members threw; what is known from outside must do.
    }
    return new Guest.GuestError("", Place.UNKNOWN, 0, "");
  }

  private static String firstLine(String message) {
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }

  /** JavaScript puts file, line and column into the message of a syntax error. */
  private static String withoutPlace(String message) {
    return message.replaceFirst("^SyntaxError: /plugin/\\S+:\\d+:\\d+ ", "SyntaxError: ");
  }

  private static Place place(PolyglotException e) {
    var place = place(e.getSourceLocation());
    if (!place.file().isEmpty()) {
      return place;
    }
    for (var frame : e.getPolyglotStackTrace()) {
      if (frame.isGuestFrame()) {
        place = place(frame.getSourceLocation());
        if (!place.file().isEmpty()) {
          return place;
        }
      }
    }
    return Place.UNKNOWN;
  }

  /** Where in the plugin; unknown for the prelude and for libraries. */
  static Place place(@Nullable SourceSection section) {
    if (section == null) {
      return Place.UNKNOWN;
    }
    var source = section.getSource();
    var path = source.getPath() == null ? source.getName() : source.getPath();
    return path.startsWith(PluginFileSystem.PLUGIN + "/")
        ? new Place(
            path.substring(PluginFileSystem.PLUGIN.length() + 1),
            section.getStartLine(),
            section.getStartColumn())
        : Place.UNKNOWN;
  }
}
