package io.metaie.checkpoint;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.metaie.tagging.WordEncoder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The words of one checkpoint's tokenizer. Every word begins a token of its own (it is read behind a space), so its ids
 * do not depend on its neighbours and are remembered: the cache is bounded by memory, not by number of words.
 */
public final class Vocabulary implements WordEncoder, AutoCloseable {

    /** About what the cache may hold, in bytes: some hundred thousand words of usual length. */
    private static final long CACHE_BYTES = 32L << 20;
    /** What an entry costs beside its characters and ids: the objects' headers and the cache's own node. */
    private static final int ENTRY_BYTES = 200;

    static {
        // DJL reports its use from EC2 unless told not to, and fetches other natives where it sees a GPU.
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("RUST_FLAVOR", "cpu");
    }

    private final RobertaConfig config;
    private final HuggingFaceTokenizer tokenizer;
    private final Map<Integer, String> special;
    private final int unknown;
    private final LoadingCache<String, int[]> cache;

    private Vocabulary(RobertaConfig config, HuggingFaceTokenizer tokenizer, TokenizerFile file, long cacheBytes) {
        this.config = config;
        this.tokenizer = tokenizer;
        this.special = file.special();
        this.unknown = file.unknown();
        this.cache = Caffeine.newBuilder()
                .maximumWeight(cacheBytes)
                .weigher((String word, int[] ids) -> ENTRY_BYTES + 2 * word.length() + Integer.BYTES * ids.length)
                .executor(Runnable::run)
                .build(this::tokenize);
    }

    /**
     * Loads the tokenizer of a checkpoint.
     *
     * @throws CheckpointException when {@code tokenizer.json} cannot be loaded or belongs to another model
     */
    public static Vocabulary open(Checkpoint checkpoint) throws CheckpointException {
        return open(checkpoint, CACHE_BYTES);
    }

    static Vocabulary open(Checkpoint checkpoint, long cacheBytes) throws CheckpointException {
        return open(checkpoint.directory(), checkpoint.config(), cacheBytes);
    }

    static Vocabulary open(Path directory, RobertaConfig config) throws CheckpointException {
        return open(directory, config, CACHE_BYTES);
    }

    private static Vocabulary open(Path directory, RobertaConfig config, long cacheBytes) throws CheckpointException {
        try {
            TokenizerFile file = TokenizerFile.read(directory, config);
            Map<String, String> options =
                    Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");
            HuggingFaceTokenizer tokenizer =
                    HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(file.json()), options);
            return new Vocabulary(config, tokenizer, file, cacheBytes);
        } catch (CheckpointException e) {
            throw Checkpoint.refusal(directory, e);
        } catch (IOException | RuntimeException e) {
            throw new CheckpointException("The model in " + directory + " cannot be run: "
                    + TokenizerFile.NAME + " cannot be loaded (" + e.getMessage() + ")", e);
        }
    }

    @Override
    public int[] encode(String word) {
        return cache.get(word.length() <= MAX_UNITS ? word : head(word));
    }

    @Override
    public int bos() {
        return config.bos();
    }

    @Override
    public int eos() {
        return config.eos();
    }

    @Override
    public int maxTokens() {
        return config.maxTokens();
    }

    /** The id of the unknown token. */
    public int unknown() {
        return unknown;
    }

    @Override
    public void close() {
        tokenizer.close();
    }

    private static String head(String word) {
        boolean inPair = Character.isHighSurrogate(word.charAt(MAX_UNITS - 1))
                && Character.isLowSurrogate(word.charAt(MAX_UNITS));
        return word.substring(0, inPair ? MAX_UNITS - 1 : MAX_UNITS);
    }

    private int[] tokenize(String word) {
        int[] ids = ids(" ", wellFormed(word));
        return ids.length == 0 ? new int[] {unknown} : ids;
    }

    /**
     * The ids of a text, none of them special. A vocabulary may have special tokens as ordinary pieces (Unigram does),
     * and normalisation may bring them about ({@code ＜/s＞}); a text with one in it is encoded in two halves.
     */
    private int[] ids(String before, String text) {
        int[] ids = Arrays.stream(tokenizer.encode(before + text, false, false).getIds())
                .mapToInt(Math::toIntExact)
                .toArray();
        OptionalInt forbidden = IntStream.of(ids).filter(special::containsKey).findFirst();
        if (forbidden.isEmpty()) {
            return ids;
        }
        if (text.codePointCount(0, text.length()) < 2) {
            return new int[] {unknown};
        }
        int cut = cut(text, special.get(forbidden.getAsInt()));
        return IntStream.concat(
                        IntStream.of(ids(before, text.substring(0, cut))), IntStream.of(ids("", text.substring(cut))))
                .toArray();
    }

    /** Where to cut a text of two code points or more: inside the piece, or in the middle if that is not verbatim. */
    private static int cut(String text, String piece) {
        int start = text.indexOf(piece);
        int cut = start >= 0 && piece.length() > 1 ? start + piece.length() / 2 : Math.max(1, text.length() / 2);
        boolean inPair = Character.isHighSurrogate(text.charAt(cut - 1)) && Character.isLowSurrogate(text.charAt(cut));
        return !inPair ? cut : cut > 1 ? cut - 1 : cut + 1;
    }

    /** The word with halves of surrogate pairs replaced, which have no UTF-8 form to hand to the native tokenizer. */
    private static String wellFormed(String word) {
        if (word.chars().noneMatch(c -> Character.isSurrogate((char) c))) {
            return word;
        }
        return word.codePoints()
                .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
