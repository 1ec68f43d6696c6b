/**
 * What is being committed, for people who watch: a live, sampled view of answers, dead letters and events, and the latest
 * records of a topic. Nothing here stands between a document and its answer: it reads what is committed, by consumers of
 * its own, in no group.
 */
package io.metaie.feed;
