// What every event store must do. To check an implementation, include this in
// one source file of a test program and write, in namespace samverk::contract:
//
//   INSTANTIATE_TEST_SUITE_P(Mine, EventStoreContract,
//                            testing::Values(Implementation{"mine", make}),
//                            NameOf);
//
// and the same for TrackStoreContract.
#ifndef SAMVERK_TESTS_CONTRACT_EVENT_STORE_CONTRACT_H_
#define SAMVERK_TESTS_CONTRACT_EVENT_STORE_CONTRACT_H_

// IWYU pragma: begin_exports
#include "tests/contract/append_contract.h"
#include "tests/contract/concurrency_contract.h"
#include "tests/contract/condition_contract.h"
#include "tests/contract/contract_fixture.h"
#include "tests/contract/idempotency_contract.h"
#include "tests/contract/limits_contract.h"
#include "tests/contract/read_contract.h"
#include "tests/contract/restart_contract.h"
#include "tests/contract/track_contract.h"
// IWYU pragma: end_exports

#endif  // SAMVERK_TESTS_CONTRACT_EVENT_STORE_CONTRACT_H_
