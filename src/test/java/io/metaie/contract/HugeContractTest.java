package io.metaie.contract;

import static io.metaie.contract.Case.document;

import io.metaie.testing.BrokerResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** What takes the model long: endless words in their full length, a megabyte of prose. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
@Tag("faults")
class HugeContractTest extends ContractTest {

    @Override
    Duration patience() {
        return Duration.ofMinutes(15);
    }

    @Override
    List<Case> cases() {
        List<Case> cases = new ArrayList<>(LongContractTest.endlessWords(100_000, 1));
        String prose = "Ada Lovelace met Charles Babbage in London, and wrote to him about the engine. ";
        cases.add(document("a megabyte of prose", prose.repeat(13_000), "Person").sentences(13_000)
                .finds("Person", "Ada Lovelace", 12_999 * prose.length()).throughKafkaOnly());
        cases.add(document("300 kilobytes in one sentence", "and so on ".repeat(30_000) + "to Ada Lovelace", "Person").sentences(1)
                .onlyAt("Ada Lovelace", 300_003).throughKafkaOnly());
        return cases;
    }
}
