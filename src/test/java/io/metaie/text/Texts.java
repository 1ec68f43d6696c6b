package io.metaie.text;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Texts that are hard to split: any UTF-16 units at all, and mixtures of what the rules look at. */
final class Texts {

    private static final String[] PARTS = {"a", "n", "t", "s", "A", "Ada", "Dr", "U.S.", "don't", "'s", "n't", "1", "20", "th",
        ".", "...", "!", "?", ",", ":", "-", "--", "'", "’", "\"", "(", ")", "&", "_", "/", "`", "×", "é", "ß", " ", "  ",
        "\n", "\r\n", "\r", "\t", "\u00a0", "\u2028", "\u3000", "\u0000", "\u001b", "\u200b", "\u200d", "\u200c", "\ufeff",
        "\u00ad", "\u0301", "\u0308", "\u20e3", "\ufe0f", "🚀", "👩", "👧", "🏽", "🇫", "🇷", "❤", "漢", "字", "が", "カ", "ー",
        "。", "、", "！", "ก", "ำ", "สวัสดี", "မြန်", "ာ", "ខ្", "ខ", "क", "्", "ष", "ा", "ع", "َ", "\u0600", "٣", "한", "ᄒ", "ᅡ",
        "𠀀", "𝐀", "\ud83d", "\ude80", "a long line of running text that was wrapped by somebody", "- ", "1. ", "# "};

    private Texts() {}

    static Arbitrary<String> any() {
        return Arbitraries.oneOf(
                Arbitraries.of(PARTS).list().ofMaxSize(60).map(parts -> String.join("", parts)),
                Arbitraries.chars().range('\0', '\uffff').list().ofMaxSize(40).map(Texts::join),
                Arbitraries.integers().between(0, Character.MAX_CODE_POINT).list().ofMaxSize(40).map(Texts::joinPoints));
    }

    private static String join(Iterable<Character> units) {
        StringBuilder text = new StringBuilder();
        units.forEach(text::append);
        return text.toString();
    }

    private static String joinPoints(Iterable<Integer> codePoints) {
        StringBuilder text = new StringBuilder();
        codePoints.forEach(text::appendCodePoint);
        return text.toString();
    }
}
