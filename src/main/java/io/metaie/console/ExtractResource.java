package io.metaie.console;

import io.metaie.config.MetaieConfig;
import io.metaie.engine.Engine;
import io.metaie.extraction.DocumentReader;
import io.metaie.extraction.Extraction;
import io.metaie.extraction.ExtractionRequest;
import io.metaie.extraction.ExtractionWriter;
import io.metaie.extraction.InboundRecord;
import io.metaie.extraction.Reason;
import io.metaie.extraction.RejectedDocumentException;
import io.metaie.tagging.Source;
import io.metaie.tagging.TaggerUnavailableException;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.openapi.annotations.Operation;
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
    @Operation(summary = "Extract the labelled spans of one document")
    @APIResponse(responseCode = "200", description = "The extraction")
    @APIResponse(responseCode = "400", description = "What would be dead-lettered: the type ends in the reason")
    @APIResponse(responseCode = "413", description = "The document is too large")
    @APIResponse(responseCode = "503", description = "The model is not available now")
    public Uni<String> extract(
            @HeaderParam(HttpHeaders.CONTENT_TYPE) String contentType,
            @HeaderParam(HttpHeaders.CONTENT_LENGTH) Long length,
            InputStream body) throws IOException {
        if (!room.tryAcquire()) {
            throw new TaggerUnavailableException("more requests than can be in work at once", null);
        }
        try {
            byte[] value = body(length, body);
            InboundRecord record = new InboundRecord("http", 0, number.getAndIncrement(), System.currentTimeMillis(),
                    Optional.empty(), Optional.of(value), Optional.ofNullable(contentType));
            ExtractionRequest request = reader.read(record);
            CompletableFuture<Extraction> extraction = engine.extractor().extract(request, Source.INTERACTIVE);
            extraction.whenComplete((answer, failure) -> room.release());
            return Uni.createFrom().completionStage(extraction)
                    .onCancellation().invoke(() -> extraction.cancel(false))
                    .map(ExtractionWriter::toJson);
        } catch (IOException | RuntimeException | Error e) {
            room.release();
            throw e;
        }
    }

    /** Reads no more than a document may have, whatever the client says or does not say of its length. */
    private byte[] body(Long length, InputStream body) throws IOException {
        boolean tooLong = length != null && length > maxBytes;
        byte[] value = tooLong ? new byte[0] : body.readNBytes(maxBytes + 1);
        if (tooLong || value.length > maxBytes) {
            throw new RejectedDocumentException(Reason.TOO_LARGE,
                    "the document has more than the " + maxBytes + " bytes that are allowed");
        }
        return value;
    }
}
