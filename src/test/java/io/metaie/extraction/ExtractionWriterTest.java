package io.metaie.extraction;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.metaie.extraction.Extraction.ExtractedSpan;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExtractionWriterTest {

    @Test
    void fieldsStandAsTheContractNamesThem() {
        Extraction extraction = new Extraction("d", Optional.of("news"), "m@0", Optional.of("news@3"),
                List.of(new ExtractedSpan("s1", "Person", "Ada", 0, 3, 0.987654321f, Optional.empty()),
                        new ExtractedSpan("s2", "works for", "x\u0000", 4, 6, 1f, Optional.of("s1"))),
                1, false, List.of("w"), Optional.of("{\"b\" : 1.00}"));
        assertEquals("{\"documentId\":\"d\",\"task\":\"news\",\"model\":\"m@0\",\"adapter\":\"news@3\",\"spans\":["
                + "{\"id\":\"s1\",\"label\":\"Person\",\"text\":\"Ada\",\"start\":0,\"end\":3,\"score\":0.987654},"
                + "{\"id\":\"s2\",\"label\":\"works for\",\"text\":\"x\\u0000\",\"start\":4,\"end\":6,\"score\":1.0,\"of\":\"s1\"}],"
                + "\"sentences\":1,\"truncated\":false,\"warnings\":[\"w\"],\"metadata\":{\"b\" : 1.00}}",
                ExtractionWriter.toJson(extraction));
    }

    @Test
    void surrogatePairsSurviveAtEveryOffset() throws Exception {
        for (int n = 0; n < 2; n++) {
            String metadata = "\"" + "x".repeat(n) + "🚀".repeat(20_000) + "\"";
            Extraction extraction = new Extraction("🚀".repeat(5_000 + n), Optional.empty(), "m", Optional.empty(),
                    List.of(), 0, false, List.of(), Optional.of(metadata));
            byte[] bytes = ExtractionWriter.toJson(extraction).getBytes(StandardCharsets.UTF_8);
            var read = new ObjectMapper().readTree(bytes);
            assertEquals(extraction.documentId(), read.get("documentId").textValue());
            assertEquals("x".repeat(n) + "🚀".repeat(20_000), read.get("metadata").textValue());
        }
    }
}
