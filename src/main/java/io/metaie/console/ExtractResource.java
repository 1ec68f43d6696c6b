package io.metaie.console;

import io.metaie.config.MetaieConfig;
import io.metaie.engine.Engine;
import io.metaie.extraction.DocumentReader;
import io.metaie.extraction.Extraction;
import io.metaie.extraction.ExtractionRequest;
import io.metaie.extraction.ExtractionWriter;
import io.metaie.record.InboundRecord;
import io.metaie.tagging.Source;
import io.metaie.tagging.TaggerUnavailableException;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** {@code POST /api/extract}: one document in, its extraction out, ahead of the stream. */
@Path("/api/extract")
public class ExtractResource {

    private final DocumentReader reader;
    private final Engine engine;
    private final int maxBytes;
    private final Semaphore room;
    private final AtomicLong number = new AtomicLong();

    ExtractResource(DocumentReader reader, Engine engine, MetaieConfig config) {
        this.reader = reader;
        this.engine = engine;
        this.maxBytes = config.document().maxBytes();
        this.room = new Semaphore(config.http().requests());
    }

    /**
     * Answers a document. A client that goes away takes its queries with it.
     *
     * @param body the document: JSON as on the documents topic, or, as {@code text/plain}, the text itself
     */
    @POST
    @Consumes(MediaType.WILDCARD)
    @Produces(MediaType.APPLICATION_JSON)
    @Blocking
    @Operation(operationId = "extract", summary = "Extracts the labelled spans of one document")
    @RequestBody(required = true, description = "A document as on the documents topic, or the text itself", content = {
        @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(ref = "Document")),
        @Content(mediaType = MediaType.TEXT_PLAIN, schema = @Schema(type = SchemaType.STRING))
    })
    @APIResponse(responseCode = "200", description = "The extraction, as on the spans topic",
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(ref = "Extraction")))
    @APIResponse(responseCode = "400", description = "What would be dead-lettered: the type ends in the reason",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(ref = "Problem")))
    @APIResponse(responseCode = "413", description = "The document is too large",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(ref = "Problem")))
    @APIResponse(responseCode = "503", description = "The model is busy or not available; Retry-After says when to try again",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(ref = "Problem")))
    public Uni<String> extract(@Context HttpServerRequest http, InputStream body) throws IOException {
        // Before there is need of room: a slow client holds a thread, but nobody else's place.
        byte[] value = BoundedBody.read(http, body, maxBytes, "document");
        if (!room.tryAcquire()) {
            throw new TaggerUnavailableException("more requests than can be in work at once", null);
        }
        try {
            InboundRecord record = new InboundRecord("http", 0, number.getAndIncrement(), System.currentTimeMillis(),
                    Optional.empty(), Optional.of(value), Optional.ofNullable(http.getHeader(HttpHeaders.CONTENT_TYPE)));
            ExtractionRequest request = reader.read(record);
            CompletableFuture<Extraction> extraction = engine.extractor().extract(request, Source.INTERACTIVE);
            extraction.whenComplete((answer, failure) -> room.release());
            // A client that goes away: the answer's subscription is not cancelled by itself.
            http.response().closeHandler(gone -> extraction.cancel(false));
            return Uni.createFrom().completionStage(extraction).map(ExtractionWriter::toJson);
        } catch (RuntimeException | Error e) {
            room.release();
            throw e;
        }
    }
}
