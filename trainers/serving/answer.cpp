#include "trainers/serving/answer.h"

#include "objectives/csv.h"
#include "objectives/error.h"
#include "trainers/prediction.h"

namespace hpo::serving {
std::string answer_text(const std::vector<std::string>& classes, const std::vector<Row>& rows,
                        const AnswerForm& form) {
  check(form.is_list || rows.size() == 1, "an answer that is no list is of one photo");
  std::string text;
  if (form.type == AnswerType::csv) {
    for (const Row& row : rows)
      text += csv_line(prediction_fields(classes, row, form.top_k.value_or(1)));
    return text;
  }
  if (!form.is_list) return prediction_document(classes, rows[0], form.top_k) + "\n";
  for (const Row& row : rows) {
    text += text.empty() ? "{\"predictions\":[" : ",";
    text += prediction_document(classes, row, form.top_k);
  }
  return text + "]}\n";
}

}  // namespace hpo::serving
