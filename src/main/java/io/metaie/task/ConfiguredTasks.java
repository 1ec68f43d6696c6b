package io.metaie.task;

import java.util.Optional;

/** The one task that the settings define: the default task, known by its name too. */
public final class ConfiguredTasks implements Tasks {

    private final Optional<TaskDefinition> task;

    public ConfiguredTasks(Optional<TaskDefinition> task) {
        this.task = task;
    }

    @Override
    public Optional<TaskDefinition> find(String name) {
        return task.filter(definition -> definition.name().equals(name));
    }

    @Override
    public Optional<TaskDefinition> defaultTask() {
        return task;
    }
}
