package io.metaie.distillation;

import io.metaie.dataset.ExampleWriter;
import io.metaie.distillation.Distilled.Learned;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Writes what was learned of a sentence as the contract has it. */
public final class ExampleRecord {

    private ExampleRecord() {}

    /**
     * One line of JSON.
     *
     * @param model the teacher
     * @param request the id of the request, if there was one
     */
    public static String json(Learned learned, String model, Optional<String> request) {
        Map<String, String> more = new LinkedHashMap<>();
        more.put("source", model);
        request.ifPresent(id -> more.put("request", id));
        return ExampleWriter.toJson(learned.example(), more);
    }
}
