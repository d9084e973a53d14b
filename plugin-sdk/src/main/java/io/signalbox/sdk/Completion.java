package io.signalbox.sdk;

/**
 * How an exchange ended that the engine answered.
 *
 * @param status the HTTP status of the engine's answer
 * @param seconds from the decision to the end of the answer
 * @param promptTokens as the engine counted them; {@code NaN} where it did not say
 * @param outputTokens likewise
 */
public record Completion(int status, double seconds, double promptTokens, double outputTokens) {}
