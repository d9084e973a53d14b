package io.signalbox.strategies.pd;

import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Signal;
import io.signalbox.strategies.pd.PdParameters.Buckets;
import io.signalbox.strategies.pd.Side.Column;
import java.util.BitSet;
import java.util.Locale;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Looks for the best pair among candidates. For one thread; used again for every decision. */
final class PairSearch {
  /*
   * Candidates go to three sides by their roles; those of a role set without the other part are
   * dropped. Then each step narrows the sides: first imbalance, which leaves aside the policies, then
   * scores. A side narrowed to some role sets narrows the other, so that both always have the same.
   */

  /** The signals it reads; some of them only under some policies. */
  static final Set<Signal> NEEDS =
      Set.of(
          Signal.IN_FLIGHT,
          Signal.WAITING,
          Signal.KV_CACHE_USAGE,
          Signal.PROMPT_TOKENS_PER_SECOND,
          Signal.OUTPUT_TOKENS_PER_SECOND,
          Signal.PREFILL_SECONDS_PER_TOKEN,
          Signal.DECODE_SECONDS_PER_TOKEN,
          Signal.CACHED_TOKENS);

  private final PdParameters parameters;
  private final Outstanding outstanding;
  private final RandomGenerator random;
  private final Roles roles = new Roles();
  private final Side prefills = new Side();
  private final Side decodes = new Side();
  private final Side combined = new Side();
  private final BitSet prefillSets = new BitSet();
  private final BitSet decodeSets = new BitSet();
  private final BestOfSets bestPrefills;
  private final BestOfSets bestDecodes;
  private int unfit;
  private double bucketTokens;
  private int prefill;
  private int decode;
  private String problem = "";

  PairSearch(PdParameters parameters, Outstanding outstanding, RandomGenerator random) {
    this.parameters = parameters;
    this.outstanding = outstanding;
    this.random = random;
    this.bestPrefills = new BestOfSets(random);
    this.bestDecodes = new BestOfSets(random);
  }

  /** Whether somebody can serve the request. */
  boolean run(RouteRequest request, Candidates candidates) {
    roles.trim();
    sort(request, candidates);
    int readyPrefills = prefills.size();
    int readyDecodes = decodes.size();
    prefillSets.and(decodeSets);
    narrowTo(prefillSets);
    if (prefills.size() == 0) {
      return serveCombined(candidates, readyPrefills, readyDecodes);
    }
    if (relieved(request, candidates)) {
      return true;
    }
    fillPrefills(candidates);
    fillDecodes(candidates);
    if (parameters.prefill().narrow(prefills)) {
      pin(prefills);
    }
    if (parameters.decode().narrow(decodes)) {
      pin(decodes);
    }
    choose(request);
    return true;
  }

  /** Whether an endpoint that does both parts can serve the request. */
  boolean runCombined(RouteRequest request, Candidates candidates) {
    roles.trim();
    sort(request, candidates);
    if (combined.size() == 0) {
      problem = "no endpoint does both parts";
      return false;
    }
    return serveCombined(candidates, prefills.size(), decodes.size());
  }

  /** The index of the prefill endpoint, the decode endpoint's own where that does both. */
  int prefill() {
    return prefill;
  }

  /** The index of the decode endpoint. */
  int decode() {
    return decode;
  }

  /** Why nobody can serve the request. */
  String problem() {
    return problem;
  }

  private void sort(RouteRequest request, Candidates candidates) {
    boolean all = parameters.buckets() == Buckets.OFF;
    bucketTokens = all ? 0 : request.promptTokens();
    prefills.clear();
    decodes.clear();
    combined.clear();
    prefillSets.clear();
    decodeSets.clear();
    unfit = 0;
    for (int i = 0; i < candidates.size(); i++) {
      var member = roles.of(candidates.endpoint(i));
      if (member.role() != Role.NONE && !all && !member.bucket().fits(bucketTokens)) {
        unfit++;
        continue;
      }
      switch (member.role()) {
        case PREFILL -> {
          var _ = prefills.add(i, member.set());
          prefillSets.set(member.set());
        }
        case DECODE -> {
          var _ = decodes.add(i, member.set());
          decodeSets.set(member.set());
        }
        case COMBINED -> {
          var _ = combined.add(i, member.set());
        }
        case NONE -> {}
      }
    }
  }

  private void narrowTo(BitSet sets) {
    prefills.keepSets(sets);
    decodes.keepSets(sets);
  }

  /** Endpoints that do both stand in for role sets that cannot serve. */
  private boolean serveCombined(Candidates candidates, int readyPrefills, int readyDecodes) {
    if (combined.size() == 0) {
      problem =
          unfit > 0
              ? String.format(
                  Locale.ROOT,
                  "no prompt-length bucket matches prompt length %.0f and no combined endpoint does",
                  bucketTokens)
              : "no role set has a ready prefill and a ready decode endpoint: prefill="
                  + readyPrefills
                  + ", decode="
                  + readyDecodes;
      return false;
    }
    fill(combined, Column.REQUESTS, candidates.column(Signal.IN_FLIGHT));
    combined.keepLowest(Column.REQUESTS);
    alone();
    return true;
  }

  private void alone() {
    decode = combined.candidate(random.nextInt(combined.size()));
    prefill = decode;
  }

  private boolean relieved(RouteRequest request, Candidates candidates) {
    if (parameters.buckets() == Buckets.OFF || combined.size() == 0) {
      return false;
    }
    var waiting = candidates.column(Signal.WAITING);
    var answers = candidates.column(Signal.OUTPUT_TOKENS_PER_SECOND);
    fill(combined, Column.WAITING, waiting);
    fill(combined, Column.TOKENS_PER_SECOND, answers);
    fill(decodes, Column.WAITING, waiting);
    fill(decodes, Column.TOKENS_PER_SECOND, answers);
    fill(prefills, Column.WAITING, waiting);
    fill(prefills, Column.TOKENS_PER_SECOND, candidates.column(Signal.PROMPT_TOKENS_PER_SECOND));
    Relief.estimate(combined, request.expectedOutputTokens());
    Relief.estimate(decodes, request.expectedOutputTokens());
    Relief.estimate(prefills, bucketTokens);
    if (!Relief.due(combined, prefills, decodes)) {
      return false;
    }
    combined.keepLowest(Column.QUEUE_SECONDS);
    alone();
    return true;
  }

  private void fillPrefills(Candidates candidates) {
    for (int i = 0; i < prefills.size(); i++) {
      var endpoint = candidates.endpoint(prefills.candidate(i));
      prefills.set(Column.REQUESTS, i, outstanding.at(endpoint));
    }
    switch (parameters.prefill().policy()) {
      case PREFIX_CACHE ->
          fill(prefills, Column.CACHED_TOKENS, candidates.column(Signal.CACHED_TOKENS));
      case CONDUCTOR -> {
        fill(prefills, Column.CACHED_TOKENS, candidates.column(Signal.CACHED_TOKENS));
        fill(
            prefills,
            Column.SECONDS_PER_TOKEN,
            candidates.column(Signal.PREFILL_SECONDS_PER_TOKEN));
      }
      case LEAST_REQUEST -> {}
    }
  }

  private void fillDecodes(Candidates candidates) {
    fill(decodes, Column.REQUESTS, candidates.column(Signal.IN_FLIGHT));
    fill(decodes, Column.TOKENS_PER_SECOND, candidates.column(Signal.OUTPUT_TOKENS_PER_SECOND));
    fill(decodes, Column.KV_CACHE_USAGE, candidates.column(Signal.KV_CACHE_USAGE));
    fill(decodes, Column.SECONDS_PER_TOKEN, candidates.column(Signal.DECODE_SECONDS_PER_TOKEN));
  }

  private static void fill(Side side, Column column, double[] values) {
    for (int i = 0; i < side.size(); i++) {
      side.set(column, i, values[side.candidate(i)]);
    }
  }

  /** One of these it will be: any of them, and the other part from its role set. */
  private void pin(Side side) {
    int chosen = random.nextInt(side.size());
    int set = side.set(chosen);
    side.keepOnly(chosen);
    prefillSets.clear();
    prefillSets.set(set);
    narrowTo(prefillSets);
  }

  private void choose(RouteRequest request) {
    boolean reads = parameters.prefill().policy().readsPrompt();
    double highestPrefill =
        parameters.prefill().score(prefills, reads ? request.promptTokens() : Double.NaN);
    double highestDecode = parameters.decode().score(decodes);
    bestPrefills.find(prefills, roles.sets());
    bestDecodes.find(decodes, roles.sets());
    double best = Double.POSITIVE_INFINITY;
    int equals = 0;
    for (int set = 0; set < roles.sets(); set++) {
      int one = bestPrefills.index(set);
      int other = bestDecodes.index(set);
      if (one == Side.NOBODY || other == Side.NOBODY) {
        continue;
      }
      double sum =
          bestPrefills.score(set) / highestPrefill + bestDecodes.score(set) / highestDecode;
      equals = sum < best ? 1 : sum == best ? equals + 1 : equals;
      if (sum < best || (sum == best && random.nextInt(equals) == 0)) {
        best = sum;
        prefill = prefills.candidate(one);
        decode = decodes.candidate(other);
      }
    }
  }
}
