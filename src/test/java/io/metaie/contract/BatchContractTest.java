package io.metaie.contract;

import static io.metaie.contract.Case.document;

import io.metaie.testing.BrokerResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** C42: a document is answered the same alone, among short and long ones, and among its like. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
@Tag("service")
class BatchContractTest extends ContractTest {

    private static final String WORDS = "yesterday the engineers of the committee wrote seven letters to ";
    private static final int[] LENGTHS = {1, 5, 50, 500};

    @Override
    List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            int words = LENGTHS[i % LENGTHS.length];
            String text = String.join(" ", List.of(WORDS.repeat(words / 10 + 1).split(" ")).subList(0, words));
            cases.add(document("C42 company of " + words + " words", text, "Person").throughKafkaOnly());
        }
        for (int i = 0; i < 100; i++) {
            cases.add(probe().throughKafkaOnly());
        }
        return cases;
    }
}
