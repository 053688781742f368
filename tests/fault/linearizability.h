// Whether concurrent clients could tell the register from one that does one
// operation after the other. Pure.
//
// Linearizable means: to every operation belongs an instant between its call
// and its answer such that all answers are right when the operations happen at
// these instants, one after the other. In general the order has to be searched
// for (Wing & Gong 1993; Lowe 2017). Here the log gives the order of all that
// changes something, so the states of the register are known: state k is the
// log after its k-th batch. What is left to search is when each state began,
// and in which of them each reading and refusal happened.
//
// First the log by itself, in one pass: it is made of whole batches that
// somebody sent, each at most once; revisions count the events of a stream; the
// answers are the places in the log; and of each batch a sender is left that
// may have recorded it: one who was not refused, was not told "recorded
// before", and whose conditions held in the state before it.
//
// Then the instants, by Lowe's just-in-time search. Calls and answers are gone
// through by time. A configuration is the state that the register is in and the
// set of pending readings and refusals that have met a state in which they are
// right. Before each answer every configuration is led on as far as pending
// senders allow, each step kept; the answer strikes out those in which its
// operation has not happened. None left: not linearizable.
//
// It is complete, that is, it accepts every linearizable history. A change can
// always be put off until just before the next answer: calls in between only
// allow more. A reading or refusal changes nothing, so it may as well happen in
// the first state of its interval that makes it right: to mark it done whenever
// such a state is met loses nothing. Of two configurations in the same state
// the one with more done can do all that the other can, so the other is
// dropped. And it is sound: a chain of configurations to the end is a choice of
// instants.
#ifndef SAMVERK_TESTS_FAULT_LINEARIZABILITY_H_
#define SAMVERK_TESTS_FAULT_LINEARIZABILITY_H_

#include <string>

#include "tests/fault/history.h"

namespace samverk::fault {

// Empty when the history is linearizable; else what stands against it. At most
// 64 readings and refusals may be pending at a time.
std::string WhyNotLinearizable(const History& history);

}  // namespace samverk::fault

#endif  // SAMVERK_TESTS_FAULT_LINEARIZABILITY_H_
