package io.metaie.distillation.http;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import java.net.URI;
import java.util.List;

/** An endpoint as OpenAI's, that answers as a test says. */
public final class FakeTeacher implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String SCENARIO = "one after the other";

    private final WireMockServer server = new WireMockServer(WireMockConfiguration.options()
            .dynamicPort().bindAddress("127.0.0.1").containerThreads(80).jettyAcceptors(1).asynchronousResponseEnabled(true));

    public FakeTeacher() {
        server.start();
    }

    public URI baseUrl() {
        return URI.create("http://127.0.0.1:" + server.port() + "/v1");
    }

    /** Answers like this from now on. */
    public FakeTeacher answers(ResponseDefinitionBuilder response) {
        server.resetAll();
        server.stubFor(any(anyUrl()).willReturn(response));
        return this;
    }

    /** Answers one after the other, then always as the last. */
    public FakeTeacher answersInTurn(List<ResponseDefinitionBuilder> responses) {
        server.resetAll();
        for (int i = 0; i < responses.size(); i++) {
            String state = i == 0 ? com.github.tomakehurst.wiremock.stubbing.Scenario.STARTED : "after " + i;
            server.stubFor(any(anyUrl()).inScenario(SCENARIO).whenScenarioStateIs(state)
                    .willSetStateTo("after " + Math.min(i + 1, responses.size() - 1)).willReturn(responses.get(i)));
        }
        return this;
    }

    /** A completion of 100 tokens read and 20 written. */
    public static ResponseDefinitionBuilder says(String content) {
        return json(200, completion(content, "stop", true));
    }

    public static ResponseDefinitionBuilder json(int status, String body) {
        return aResponse().withStatus(status).withHeader("content-type", "application/json").withBody(body);
    }

    /** The body of a completion. */
    public static String completion(String content, String finishReason, boolean usage) {
        ObjectNode root = JSON.createObjectNode().put("id", "chatcmpl-1").put("object", "chat.completion").put("model", "fake");
        ObjectNode choice = root.putArray("choices").addObject().put("index", 0).put("finish_reason", finishReason);
        choice.putObject("message").put("role", "assistant").put("content", content);
        if (usage) {
            root.putObject("usage").put("prompt_tokens", 100).put("completion_tokens", 20).put("total_tokens", 120);
        }
        return root.toString();
    }

    public int calls() {
        return server.getAllServeEvents().size();
    }

    public WireMockServer server() {
        return server;
    }

    @Override
    public void close() {
        server.stop();
    }
}
