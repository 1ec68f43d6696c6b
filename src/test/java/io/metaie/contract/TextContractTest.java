package io.metaie.contract;

import static io.metaie.contract.Case.document;
import static io.metaie.contract.Case.value;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.metaie.testing.BrokerResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** Texts as people and programs write them: offsets in code points, every span the slice it says it is. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
@Tag("service")
class TextContractTest extends ContractTest {

    private static final String[] BOTH = {"Person", "City"};

    @Override
    List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        cases.addAll(unicode());
        cases.addAll(whiteSpace());
        cases.addAll(scripts());
        cases.addAll(markup());
        cases.addAll(repeatsAndOverlap());
        cases.addAll(blank());
        return cases;
    }

    private static List<Case> unicode() {
        String joined = "👩‍👩‍👧‍👦👍🏽🇫🇷 Ada Lovelace 🏳️‍🌈 lives in Paris❤️.";
        return List.of(
                document("C1 emoji before the span", "🚀🚀 Ada Lovelace flew to Paris.", BOTH)
                        .finds("Person", "Ada Lovelace", 3).finds("City", "Paris", 24),
                value("C1 as raw text", "🚀🚀 Ada Lovelace flew to Paris.")
                        .finds("Person", "Ada Lovelace", 3).finds("City", "Paris", 24),
                document("C3 decomposed accents", "Rene\u0301 Descartes met Zoe\u0308 Saldan\u0303a in Malmo\u0308 and Ko\u0308ln.", BOTH)
                        .finds("Person", "Rene\u0301 Descartes", 0).onlyAt("Malmo\u0308", 37).onlyAt("Ko\u0308ln", 48),
                document("emoji joined to families, skins and flags", joined, BOTH)
                        .finds("Person", "Ada Lovelace", joined.codePointCount(0, joined.indexOf("Ada")))
                        .finds("City", "Paris", joined.codePointCount(0, joined.indexOf("Paris"))),
                document("nothing but emoji", "🚀👩‍👩‍👧🇫🇷❤️", BOTH),
                document("marks without a letter", "\u0301\u0308 \ufe0f Ada Lovelace \u200d lives in Paris.", BOTH)
                        .finds("Person", "Ada Lovelace", 5).finds("City", "Paris", 29),
                document("words without any token", "\u200b\u200b \ufeff \u2060 \u00ad Ada Lovelace lives in Paris.", BOTH)
                        .finds("Person", "Ada Lovelace", 9).finds("City", "Paris", 31),
                document("nothing but words without any token", "\u200b \ufeff \u2060\u00ad \ufe0f", BOTH).findsNothing(),
                document("private, unassigned and last code points", "\ue000 \u0378 \udbff\udfff Ada Lovelace \ufffd lives in Paris.", BOTH)
                        .finds("Person", "Ada Lovelace", 6).finds("City", "Paris", 30),
                document("text that runs both ways", "\u202eAda Lovelace\u202c lives in \u200fParis\u200e.", BOTH)
                        .onlyAt("Ada Lovelace", 1).onlyAt("Paris", 25));
    }

    private static List<Case> whiteSpace() {
        String lines = "Ada Lovelace\r\n\tParis\r\n\r\nAlan Turing\tRome\r\n";
        String controls = "Ada\u0000Lovelace\u0001 lives in\u0007 Paris\u001b[0m.";
        return List.of(
                document("C4 CRLF and tabs", lines, BOTH)
                        .finds("Person", "Ada Lovelace", 0).finds("City", "Paris", 15)
                        .onlyAt("Alan Turing", 24).finds("City", "Rome", 36),
                value("C4 as raw text", lines)
                        .finds("Person", "Ada Lovelace", 0).finds("City", "Paris", 15)
                        .onlyAt("Alan Turing", 24).finds("City", "Rome", 36),
                document("C5 words parted by control white space only", "one\nline: Ada\tLovelace\rParis", BOTH)
                        .onlyAt("Ada\tLovelace", 10).onlyAt("Paris", 23),
                document("C6 no-break, thin and zero-width spaces",
                        "Ada\u00a0Lovelace lives in\u00a0\u00a0\u00a0Paris\u2009and Ro\u200bme.", BOTH)
                        .finds("Person", "Ada\u00a0Lovelace", 0).finds("City", "Paris", 24).onlyAt("Ro\u200bme", 34),
                document("C8 NUL and other control characters", controls, BOTH).finds("City", "Paris", 24),
                value("C8 as raw text", controls).finds("City", "Paris", 24),
                document("C13 white space around", "   Ada Lovelace , of Paris.  ", BOTH)
                        .finds("Person", "Ada Lovelace", 3).finds("City", "Paris", 21),
                document("line and paragraph separators", "Ada Lovelace\u2028Paris\u2029Alan Turing\u0085Rome", BOTH)
                        .finds("Person", "Ada Lovelace", 0).onlyAt("Paris", 13).finds("Person", "Alan Turing", 19),
                document("a byte order mark inside the text", "\ufeffAda Lovelace lives in Paris.", BOTH)
                        .finds("Person", "Ada Lovelace", 1).finds("City", "Paris", 23));
    }

    private static List<Case> scripts() {
        return List.of(
                document("C10 Japanese", "東京とパリの代表Ada Lovelaceが北京で会った。𠀀田も来た。", BOTH)
                        .sentences(2).onlyAt("Ada Lovelace", 8).onlyAt("東京", 0),
                document("Chinese", "阿达·洛芙莱斯住在巴黎。她在伦敦出生！", BOTH).sentences(2),
                document("Arabic", "تعيش آدا لوفليس في باريس. وُلِدَتْ في لندن؟ نعم.", BOTH).onlyAt("باريس", 19),
                document("Thai", "เอดา เลิฟเลซอาศัยอยู่ในปารีสกับ Ada Lovelace", BOTH)
                        .onlyAt("Ada Lovelace", 32),
                document("Hindi, Korean and Hebrew", "अदा लवलेस पेरिस में रहती है। 에이다 러브레이스는 파리에 산다. עדה גרה בפריז.", BOTH),
                document("Greek, Cyrillic and Turkish", "Η Άντα ζει στο Παρίσι. Ада живёт в Париже. İstanbul'da Ada Lovelace yaşıyor.", BOTH)
                        .onlyAt("Ada Lovelace", 55));
    }

    private static List<Case> markup() {
        String special = "Write </s> and <mask> before Ada Lovelace [SEP] in <s> Paris <pad><unk>[CLS].";
        String html = "<p>Ada <b>Lovelace</b> moved to <a href=\"x?a=1&amp;b=2\">Paris</a> &amp; Rome.</p>";
        return List.of(
                document("C14 text that spells special tokens", special, BOTH)
                        .finds("Person", "Ada Lovelace", 29).onlyAt("Paris", 55),
                document("C14 the same with ordinary words",
                        "Write words and another before Ada Lovelace (see) in the Paris quarter today.", BOTH)
                        .finds("Person", "Ada Lovelace", 31).finds("City", "Paris", 57),
                document("special tokens and nothing else", "</s><s><pad><mask><unk>[CLS] [SEP] [PAD] [UNK] [MASK]", BOTH),
                document("C15 HTML", html, BOTH).onlyAt("Paris", 56).onlyAt("Rome", 72),
                document("C15 Markdown", "# Crew\n\n* **Ada Lovelace** ([Paris](http://x.y))\n", BOTH)
                        .finds("Person", "Ada Lovelace", 12).finds("City", "Paris", 29),
                document("C21 lists and lines without a stop",
                        "Crew:\n- Ada Lovelace\n- Alan Turing\n1. Grace Hopper\nParis\nRome", BOTH)
                        .sentences(6)
                        .finds("Person", "Ada Lovelace", 8).finds("Person", "Alan Turing", 23)
                        .finds("Person", "Grace Hopper", 38).finds("City", "Paris", 51).finds("City", "Rome", 57)
                        .check(found -> found.json().path("spans").forEach(span ->
                                assertEquals(-1, span.path("text").asText().indexOf('\n')))),
                document("C21 on one line", "Crew: - Ada Lovelace - Alan Turing 1. Grace Hopper Paris Rome", BOTH)
                        .finds("Person", "Ada Lovelace", 8));
    }

    private static List<Case> repeatsAndOverlap() {
        String nested = "The University of Paris and the Bank of New York signed.";
        List<Case> cases = new ArrayList<>(List.of(
                document("C22 the same name again and again", "Rome beat Rome in Rome. We met Ada. She is Ada Lovelace.", "City", "Person")
                        .onlyAt("Rome", 0, 10, 18).finds("City", "Rome", 18)
                        .finds("Person", "Ada", 31).finds("Person", "Ada Lovelace", 43),
                document("C22 the same name in one sentence and the next", "Ada Lovelace met Ada Lovelace. Ada Lovelace left.", "Person")
                        .finds("Person", "Ada Lovelace", 0).finds("Person", "Ada Lovelace", 17).finds("Person", "Ada Lovelace", 31),
                document("C23 one label alone", nested, "Organisation").finds("Organisation", "University of Paris", 4),
                document("C23 the other label alone", nested, "City")));
        for (int i = 0; i < 10; i++) {
            cases.add(document("C23 both labels, run " + i, nested, "Organisation", "City")
                    .like("C23 both labels, run 0"));
        }
        cases.add(document("C23 one of both", nested, "City", "Organisation").like("C23 one label alone", "Organisation"));
        cases.add(document("C23 the other of both", nested, "Organisation", "City").like("C23 the other label alone", "City"));
        return cases;
    }

    /** Blank texts are documents without spans, and cost their neighbours nothing. */
    private static List<Case> blank() {
        return List.of(
                document("C24 an empty text", "", "Person").findsNothing().sentences(0),
                document("C24 white space", "   \n\t", "Person").findsNothing().sentences(0),
                document("C24 a stop", ".", "Person").findsNothing(),
                document("C24 a no-break space", "\u00a0", "Person").findsNothing().sentences(0),
                value("white space as raw text", " \n").findsNothing().sentences(0),
                document("control characters only", "\u0000\u0001\u001f\u007f\u0085", "Person").findsNothing());
    }
}
