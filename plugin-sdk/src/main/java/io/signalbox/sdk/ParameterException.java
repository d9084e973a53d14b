package io.signalbox.sdk;

/** A parameter a user wrote cannot be used; the message names it and says what is allowed. */
public final class ParameterException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final String parameter;

  /**
   * @param problem goes on after the parameter's name
   */
  public ParameterException(String parameter, String problem) {
    super("parameter \"" + parameter + "\" " + problem);
    this.parameter = parameter;
  }

  ParameterException(String parameter, String problem, Throwable cause) {
    this(parameter, problem);
    initCause(cause);
  }

  /** The name as the user wrote it. */
  public String parameter() {
    return parameter;
  }
}
