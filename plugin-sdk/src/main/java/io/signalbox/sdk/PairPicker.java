package io.signalbox.sdk;

/**
 * Chooses two candidates for prefill/decode disaggregation, one to process the prompt and one to
 * generate the answer, and so ends the chain.
 *
 * <p>The request counts as in flight at the decode endpoint; observers are told of that one. A host
 * that asks over the event bus calls {@link #pick} and learns of the decode endpoint only.
 */
public interface PairPicker extends Picker {
  /** The choice among these candidates. */
  PairChoice pickPair(RouteRequest request, Candidates candidates);

  /**
   * One of these candidates that does both parts; asked where the pairs chosen for the request
   * before failed it. Without an override there is none.
   */
  default PairChoice pickCombined(RouteRequest request, Candidates candidates) {
    return new PairChoice.NoPair("no endpoint does both parts");
  }

  /** The endpoint the request is sent to: {@link #pickPair} for who can do without the other. */
  @Override
  default int pick(RouteRequest request, Candidates candidates) {
    return switch (pickPair(request, candidates)) {
      case PairChoice.Pair pair -> pair.decode();
      case PairChoice.Combined combined -> combined.endpoint();
      case PairChoice.NoPair _ -> NO_CHOICE;
    };
  }
}
