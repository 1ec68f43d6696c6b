package io.metaie.operations;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A Dockerfile of this project, read as far as these use the language. */
final class Dockerfile {

    private final List<Instruction> instructions;

    /** One instruction; its flags, {@code --from=build}, apart. */
    record Instruction(String name, Map<String, String> flags, String arguments) {

        List<String> words() {
            return List.of(arguments.split("\\s+"));
        }

        /** Arguments in the form {@code ["a", "b"]}. */
        List<String> list() {
            try {
                return new JsonMapper().readValue(arguments, new TypeReference<List<String>>() {});
            } catch (IOException e) {
                throw new UncheckedIOException(arguments, e);
            }
        }
    }

    /**
     * A file or folder that comes into the image.
     *
     * @param from the stage it comes from; none if the project
     */
    record Copy(Optional<String> from, List<String> sources, String target) {}

    private Dockerfile(List<Instruction> instructions) {
        this.instructions = instructions;
    }

    static Dockerfile read(Path file) {
        try {
            String joined = String.join("\n", Files.readAllLines(file).stream().filter(line -> !line.startsWith("#")).toList())
                    .replaceAll("\\\\\\n\\s*", " ");
            return new Dockerfile(joined.lines().filter(line -> !line.isBlank()).map(Dockerfile::instruction).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Instruction instruction(String line) {
        List<String> words = new ArrayList<>(Arrays.asList(line.trim().split("\\s+")));
        String name = words.remove(0);
        Map<String, String> flags = new LinkedHashMap<>();
        while (!words.isEmpty() && words.get(0).startsWith("--")) {
            String[] flag = words.remove(0).substring(2).split("=", 2);
            flags.put(flag[0], flag.length == 1 ? "" : flag[1]);
        }
        return new Instruction(name, flags, String.join(" ", words));
    }

    List<Instruction> all(String name) {
        return instructions.stream().filter(one -> one.name().equals(name)).toList();
    }

    /** What makes the image itself: from the last FROM on. */
    Dockerfile image() {
        int last = 0;
        for (int i = 0; i < instructions.size(); i++) {
            last = instructions.get(i).name().equals("FROM") ? i : last;
        }
        return new Dockerfile(instructions.subList(last, instructions.size()));
    }

    /** The default of a build argument. */
    String argument(String name) {
        return all("ARG").stream().filter(one -> one.arguments().startsWith(name + "="))
                .map(one -> one.arguments().substring(name.length() + 1)).findFirst().orElseThrow();
    }

    /** The images it is made of. */
    List<String> bases() {
        return all("FROM").stream().map(from -> from.words().get(0))
                .map(image -> image.startsWith("${") ? argument(image.substring(2, image.length() - 1)) : image).toList();
    }

    List<Copy> copies() {
        return all("COPY").stream().map(copy -> {
            List<String> words = copy.words();
            return new Copy(Optional.ofNullable(copy.flags().get("from")), words.subList(0, words.size() - 1),
                    words.get(words.size() - 1));
        }).toList();
    }

    Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>();
        all("ENV").forEach(env -> env.words().forEach(word -> environment.put(word.split("=", 2)[0], word.split("=", 2)[1])));
        return environment;
    }

    /** The arguments of the last instruction of this name. */
    Instruction last(String name) {
        List<Instruction> found = all(name);
        return found.get(found.size() - 1);
    }
}
