package io.signalbox.host.request;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * How a prompt becomes {@link PromptBlocks}: {@code h(i) = xxHash64(seed; h(i-1) ‖ block i)}, where
 * {@code h(-1)} is the seed and numbers are 8 bytes, low byte first; so equal hashes mean equal
 * prompts up to there. Text is cut by its UTF-8 bytes, token ids are 4 bytes each, high byte first.
 * It is AIBrix' chain: the same seed and block size make the same hashes there.
 *
 * @param textBlockBytes how many bytes of text one block has, at least 1
 * @param seed the same in all processes that share hashes
 */
public record BlockHashing(int textBlockBytes, long seed) {
  /** What one block of token ids has: the block size of vLLM. */
  public static final int BLOCK_TOKENS = 16;

  /** A rule of thumb for English text; a tokenizer knows better. */
  public static final int BYTES_PER_TOKEN = 4;

  /**
   * So many blocks of a prompt are hashed; what is behind them changes no decision. It bounds what
   * one request may cost an event loop: with blocks of 128 bytes it is half a megabyte of text.
   */
  public static final int MAX_BLOCKS = 4096;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle TOKEN =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  /** The blocks of a text. */
  PromptBlocks text(byte[] utf8) {
    return new PromptBlocks(
        this, chain(utf8, textBlockBytes), (double) textBlockBytes / BYTES_PER_TOKEN);
  }

  /** The blocks of these token ids, as {@link #tokenBytes} writes them. */
  PromptBlocks tokens(byte[] ids) {
    return new PromptBlocks(this, chain(ids, BLOCK_TOKENS * Integer.BYTES), BLOCK_TOKENS);
  }

  /** The same with blocks of another size. */
  PromptBlocks tokens(byte[] ids, int blockTokens) {
    return new PromptBlocks(this, chain(ids, blockTokens * Integer.BYTES), blockTokens);
  }

  /**
   * The hashes of blocks of token ids that go on from a block.
   *
   * @param parent the hash of the block before, or the seed at the beginning of a prompt
   * @param ids of all blocks, the same number for each
   * @param blocks how many these are
   * @param extras for each block what its content depends on besides tokens, 0: nothing; a prompt
   *     of tokens alone does not have it, so its hashes differ from there on
   * @param into takes the hashes; at least {@code blocks} long
   */
  public void chain(long parent, int[] ids, int blocks, long[] extras, long[] into) {
    var hasher = Hashing.xxh64(seed);
    int blockTokens = ids.length / blocks;
    var piece = new byte[Long.BYTES + blockTokens * Integer.BYTES];
    long previous = parent;
    for (int block = 0; block < blocks; block++) {
      LONG.set(piece, 0, previous);
      for (int i = 0; i < blockTokens; i++) {
        TOKEN.set(piece, Long.BYTES + i * Integer.BYTES, ids[block * blockTokens + i]);
      }
      previous = hasher.hashBytesToLong(piece);
      if (extras[block] != 0) {
        previous = hasher.hashLongLongToLong(previous, extras[block]);
      }
      into[block] = previous;
    }
  }

  /** Token ids as bytes. */
  static byte[] tokenBytes(int[] ids) {
    var bytes = new byte[ids.length * Integer.BYTES];
    for (int i = 0; i < ids.length; i++) {
      TOKEN.set(bytes, i * Integer.BYTES, ids[i]);
    }
    return bytes;
  }

  /** The hashes of the full blocks; overwrites the bytes. */
  private long[] chain(byte[] bytes, int blockBytes) {
    Hasher64 hasher = Hashing.xxh64(seed);
    var chain = new long[Math.min(bytes.length / blockBytes, MAX_BLOCKS)];
    long previous = seed;
    for (int i = 0; i < chain.length; i++) {
      previous = link(hasher, previous, bytes, i * blockBytes, blockBytes);
      chain[i] = previous;
    }
    return chain;
  }

  /**
   * The bytes before a block were hashed already, so the hash before it is written over them: what
   * the hasher wants as one piece then is one. Where there is no room, the block is copied.
   */
  private static long link(Hasher64 hasher, long previous, byte[] bytes, int at, int length) {
    if (at >= Long.BYTES) {
      LONG.set(bytes, at - Long.BYTES, previous);
      return hasher.hashBytesToLong(bytes, at - Long.BYTES, length + Long.BYTES);
    }
    var piece = new byte[length + Long.BYTES];
    LONG.set(piece, 0, previous);
    System.arraycopy(bytes, at, piece, Long.BYTES, length);
    return hasher.hashBytesToLong(piece, 0, piece.length);
  }
}
