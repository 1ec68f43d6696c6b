package io.metaie.rendering;

import static io.metaie.rendering.Spans.extraction;
import static io.metaie.rendering.Spans.of;
import static io.metaie.rendering.Spans.span;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metaie.extraction.Extraction;
import io.metaie.extraction.Extraction.ExtractedSpan;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;

/** The page as a browser's parser sees it. */
class HtmlPageTest {

    private static final String ATTACK = "\"><svg onload=alert(3)>";
    private static final Set<String> ELEMENTS = Set.of("html", "head", "meta", "title", "style", "body", "header", "h1", "p",
            "form", "fieldset", "legend", "label", "input", "bdi", "small", "button", "main", "article", "h2", "h3", "div",
            "mark", "ul", "li", "span", "a", "details", "summary", "table", "thead", "tbody", "tr", "th", "td");
    private static final Set<String> ATTRIBUTES = Set.of("lang", "charset", "http-equiv", "content", "name", "class", "type",
            "id", "checked", "dir", "data-label", "title", "href", "scope");

    private static Document page(String text, Extraction... extractions) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (HtmlPage page = new HtmlPage()) {
            for (Extraction extraction : extractions) {
                page.add(text, extraction);
            }
            page.writeTo(bytes);
        }
        return Jsoup.parse(bytes.toString(StandardCharsets.UTF_8));
    }

    @Test
    void hostileTextLabelsAndNamesAreShownAsText() throws IOException {
        String text = "<img src=x onerror=alert(1)> Ada Lovelace </script><script>alert(2)</script> & &amp;\r\n'\"\u0000\u001b";
        ExtractedSpan head = span("s1", ATTACK, text, 0, 28);
        ExtractedSpan tail = of("s1", span("s2", "</mark><script>alert(4)</script>", text, 29, 50));
        Extraction extraction = new Extraction(ATTACK, Optional.of(ATTACK), ATTACK, Optional.of(ATTACK + "@3"),
                List.of(head, tail), 1, true, List.of("</style><script>alert(5)</script>"), Optional.empty());
        Document page = page(text, extraction);
        for (Element element : page.getAllElements()) {
            assertTrue(element.tagName().equals("#root") || ELEMENTS.contains(element.tagName()), element.tagName());
            for (Attribute attribute : element.attributes()) {
                assertTrue(ATTRIBUTES.contains(attribute.getKey()), attribute.getKey());
            }
        }
        // Code point for code point the text, so that offsets fit; what HTML cannot carry is shown as a picture.
        assertEquals(text.replace('\u0000', '␀').replace('\u001b', '␛'), page.selectFirst(".text").wholeText());
        assertEquals(ATTACK, page.selectFirst("mark").attr("data-label"));
        assertTrue(page.selectFirst("mark").attr("title").startsWith(ATTACK));
        assertEquals(ATTACK, page.selectFirst("h2").wholeText());
        assertEquals(ATTACK, page.selectFirst("label bdi").wholeText());
        assertEquals("</style><script>alert(5)</script>", page.selectFirst(".warnings li").wholeText());
    }

    @Test
    void thePolicyAllowsItsOwnStyleAndNothingElse() throws Exception {
        Document page = page("Ada", extraction("a", span("s1", "Person", "Ada", 0, 3)));
        String style = page.selectFirst("style").data();
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8));
        assertEquals("default-src 'none'; style-src 'sha256-" + Base64.getEncoder().encodeToString(hash)
                + "'; base-uri 'none'; form-action 'none'",
                page.selectFirst("meta[http-equiv=Content-Security-Policy]").attr("content"));
        assertEquals(0, page.select("[src], [style], link, script").size());
    }

    @Test
    void aCheckboxForEachLabelHidesAllOfIt() throws IOException {
        String text = "Ada lives in Paris";
        Document page = page(text, extraction("a", span("s1", "Person", text, 0, 3), span("s2", "City", text, 13, 18)),
                extraction("b", span("s1", "City", text, 13, 18)));
        assertEquals(List.of("Person", "City"), page.select("label bdi").eachText());
        assertEquals(List.of("1", "2"), page.select("label small").eachText());
        Element box = page.select("input[type=checkbox][checked]").get(1);
        String rule = ":root:has(#" + box.id() + ":not(:checked)) ." + box.id() + "{display:none}";
        assertTrue(page.selectFirst("style").data().contains(rule), rule);
        assertEquals(List.of("Paris", "Paris"), page.select("mark." + box.id()).eachText());
        assertEquals(2, page.select("tr." + box.id()).size());
    }

    @Test
    void nestedAndCrossingSpansAreAllMarked() throws IOException {
        String text = "The University of Paris and the Bank of New York signed";
        Document page = page(text, extraction("a",
                span("s1", "Organisation", text, 4, 23), span("s2", "City", text, 18, 23), span("s3", "Deal", text, 18, 55)));
        assertEquals(text, page.selectFirst(".text").wholeText());
        Element paris = page.selectFirst("mark:containsOwn(Paris)");
        assertEquals("City", paris.attr("data-label"));
        // The shortest lies innermost, in the lane nearest to the text.
        assertTrue(paris.hasClass("k0"));
        assertTrue(paris.parent().hasClass("k1"));
        assertTrue(paris.parent().parent().hasClass("k2"));
        assertEquals(List.of("City", "Deal", "Organisation"),
                page.select("mark[data-label]").eachAttr("data-label").stream().sorted().toList());
        assertEquals(3, page.select("mark[id]").size());
    }

    @Test
    void relationsLeadFromTheHeadToTheTail() throws IOException {
        String text = "Ada works for Acme in Paris";
        Document page = page(text, extraction("a",
                span("s1", "Person", text, 0, 3),
                of("s1", span("s2", "works for", text, 14, 18)),
                of("s2", span("s3", "located in", text, 22, 27))));
        assertEquals("Ada → works for → Acme → located in → Paris", page.selectFirst(".relations").text());
        // Hidden with the head's label, and with the only one of its tails.
        assertEquals(Set.of("l0", "l1"), page.selectFirst(".relations > li").classNames());
        for (Element link : page.select("a")) {
            assertEquals(link.text(), page.selectFirst(link.attr("href")).text());
        }
    }

    @Test
    void oneMarkForALabelFoundAboutSeveralHeads() throws IOException {
        String text = "Ada and Bob work for Acme";
        Document page = page(text, extraction("a",
                span("s1", "Person", text, 0, 3), span("s2", "Person", text, 8, 11),
                of("s1", span("s3", "works for", text, 21, 25)), of("s2", span("s4", "works for", text, 21, 25))));
        assertEquals(3, page.select("mark").size());
        assertEquals(2, page.select(".relations > li").size());
        page.select("a").forEach(link -> assertEquals(link.text(), page.selectFirst(link.attr("href")).text()));
    }

    @Test
    void aPageWithoutDocumentsIsAPage() throws IOException {
        assertEquals("MetaIE: 0 documents, 0 spans", page("").title());
    }
}
