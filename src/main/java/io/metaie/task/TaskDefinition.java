package io.metaie.task;

import io.metaie.label.LabelSet;
import io.metaie.tagging.Adapter;

/**
 * What a task asks and with which weights.
 *
 * @param name the task's name
 * @param labels what it asks when a document names no labels of its own
 * @param threshold its threshold when a document names none
 * @param exclusive whether its labels exclude one another when a document does not say
 * @param adapter the weights in force, {@link Adapter#NONE} for the meta-model
 */
public record TaskDefinition(String name, LabelSet labels, double threshold, boolean exclusive, Adapter adapter) {}
