#pragma once

#include <memory>
#include <set>
#include <utility>

namespace hpo::execution {

/// What an executor runs now. Shared, because a coroutine may outlive its executor.
template <class Attempt>
using Running = std::set<Attempt*>;

/// Keeps an attempt in the set of those that cancel_all ends.
template <class Attempt>
class Enrolled {
 public:
  Enrolled(std::shared_ptr<Running<Attempt>> running, Attempt& attempt)
      : running_(std::move(running)), attempt_(&attempt) {
    running_->insert(attempt_);
  }
  ~Enrolled() { running_->erase(attempt_); }
  Enrolled(const Enrolled&) = delete;
  Enrolled& operator=(const Enrolled&) = delete;

 private:
  std::shared_ptr<Running<Attempt>> running_;
  Attempt* attempt_;
};

}  // namespace hpo::execution
