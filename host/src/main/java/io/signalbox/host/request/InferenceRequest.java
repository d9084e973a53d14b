package io.signalbox.host.request;

import io.signalbox.host.request.ScanResult.Scanned;
import io.signalbox.host.tracing.RequestSpan;
import io.signalbox.sdk.RouteRequest;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A request as strategies see it: what the body said, and the headers. */
public final class InferenceRequest implements RouteRequest {
  /** Strategies have no use for them, and scripts come from many hands. */
  private static final Set<String> CREDENTIALS =
      Set.of("authorization", "proxy-authorization", "x-api-key", "cookie");

  private static final AtomicReferenceFieldUpdater<InferenceRequest, @Nullable Double> EXPECTED =
      AtomicReferenceFieldUpdater.newUpdater(
          InferenceRequest.class, Double.class, "expectedOutputTokens");

  private final Scanned scan;
  private final RequestHeaders headers;
  private final Supplier<ByteBuffer> body;
  private final OutputLengths lengths;
  private final Steering steering;
  // Two threads that both find it missing make the same one.
  private volatile @Nullable Prompt prompt;
  private volatile @Nullable PromptBlocks blocks;

  private volatile int @Nullable [] tokenIds;
  private volatile @Nullable PromptBlocks tokenBlocks;

  private volatile @Nullable Double expectedOutputTokens;
  private volatile double countedTokens = Double.NaN;
  private RequestSpan span = RequestSpan.NONE;

  /** A request of which nothing is expected. */
  public InferenceRequest(Scanned scan, RequestHeaders headers, Supplier<ByteBuffer> body) {
    this(scan, headers, body, OutputLengths.NONE);
  }

  /**
   * A request.
   *
   * @param body what was scanned; nobody writes to it any more, and any thread may ask for it
   * @param lengths of answers that came before
   */
  public InferenceRequest(
      Scanned scan, RequestHeaders headers, Supplier<ByteBuffer> body, OutputLengths lengths) {
    this(scan, headers, body, lengths, Steering.NONE);
  }

  /**
   * A request that a proxy asks something for.
   *
   * @param body what was scanned; nobody writes to it any more, and any thread may ask for it
   * @param lengths of answers that came before
   */
  public InferenceRequest(
      Scanned scan,
      RequestHeaders headers,
      Supplier<ByteBuffer> body,
      OutputLengths lengths,
      Steering steering) {
    this.scan = scan;
    this.headers = headers;
    this.body = body;
    this.lengths = lengths;
    this.steering = steering;
  }

  /** The same, followed by this span. */
  public InferenceRequest followedBy(RequestSpan its) {
    span = its;
    return this;
  }

  /** What follows it. */
  public RequestSpan span() {
    return span;
  }

  /** What follows a request, whatever kind of request it is. */
  public static RequestSpan spanOf(RouteRequest request) {
    return request instanceof InferenceRequest inference ? inference.span : RequestSpan.NONE;
  }

  /** What a proxy asks of the decision. */
  public Steering steering() {
    return steering;
  }

  @Override
  public String model() {
    return scan.model();
  }

  @Override
  public @Nullable String user() {
    return scan.user();
  }

  @Override
  public boolean stream() {
    return scan.stream();
  }

  @Override
  public @Nullable String header(String name) {
    return CREDENTIALS.contains(name) ? null : headers.first(name);
  }

  @Override
  public Map<String, String> headers() {
    var shown = new TreeMap<>(headers.all());
    shown.keySet().removeAll(CREDENTIALS);
    return shown;
  }

  @Override
  public String prompt() {
    return read().text();
  }

  @Override
  public double promptTokens() {
    double counted = countedTokens;
    return Double.isNaN(counted) ? read().tokens() : counted;
  }

  /**
   * {@link RouteRequest#promptTokens} of a request of whose prompt nothing else is asked any more:
   * where it was not read, only its length is.
   */
  public static double promptTokensAtLast(RouteRequest request) {
    return request instanceof InferenceRequest inference
            && inference.prompt == null
            && Double.isNaN(inference.countedTokens)
        ? PromptReader.tokens(inference.bytes())
        : request.promptTokens();
  }

  /** The text a tokenizer should count; empty where that was done, or there is none. */
  public String textToCount() {
    return Double.isNaN(countedTokens) ? read().text() : "";
  }

  /** Takes over how many tokens {@link #textToCount} has. */
  public void counted(int textTokens) {
    countedTokens = read().tokens(textTokens);
  }

  /** Whether the prompt is one text that the engine tokenizes as it is, without a template. */
  public boolean isPlainPrompt() {
    return read().isPlain();
  }

  /** Takes over the prompt as the engine will see it. */
  public void tokenized(int[] ids) {
    tokenIds = ids;
    countedTokens = ids.length;
  }

  /** Whether it is known which tokens the engine will see: the client sent them, or others said. */
  public boolean hasTokens() {
    return tokenIds != null || read().isTokens();
  }

  /**
   * The prompt's identity by its tokens, which must be known.
   *
   * @param blockTokens of one block
   */
  public PromptBlocks tokenBlocks(BlockHashing hashing, int blockTokens) {
    var known = tokenBlocks;
    if (known == null
        || known.tokensPerBlock() != blockTokens
        || !known.hashing().equals(hashing)) {
      var ids = tokenIds;
      known =
          hashing.tokens(
              BlockHashing.tokenBytes(ids == null ? read().tokenIds() : ids), blockTokens);
      tokenBlocks = known;
    }
    return known;
  }

  @Override
  public double maxTokens() {
    double most = scan.mostOutputTokens();
    return Double.isInfinite(most) ? Double.NaN : most;
  }

  @Override
  public double expectedOutputTokens() {
    var known = expectedOutputTokens;
    if (known == null) {
      // Of two threads that find it missing the first one's counts for both.
      EXPECTED.compareAndSet(this, null, lengths.expected(scan.model(), scan.mostOutputTokens()));
      known = Objects.requireNonNull(expectedOutputTokens);
    }
    return known;
  }

  /**
   * The prompt's identity in a prefix index; hashed at the first call, which costs about as much as
   * {@link #prompt} does.
   */
  public PromptBlocks blocks(BlockHashing hashing) {
    var known = blocks;
    if (known == null || !known.hashing().equals(hashing)) {
      known = read().blocks(hashing);
      blocks = known;
    }
    return known;
  }

  /** The same, where they were hashed before. */
  public Optional<PromptBlocks> hashedBlocks(BlockHashing hashing) {
    return Optional.ofNullable(blocks).filter(known -> known.hashing().equals(hashing));
  }

  private Prompt read() {
    var known = prompt;
    if (known == null) {
      known = PromptReader.read(bytes());
      prompt = known;
    }
    return known;
  }

  private byte[] bytes() {
    var view = body();
    var bytes = new byte[view.remaining()];
    view.get(bytes);
    return bytes;
  }

  @Override
  public ByteBuffer body() {
    return body.get().asReadOnlyBuffer();
  }
}
