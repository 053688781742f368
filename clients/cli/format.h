// Values of views as the cells and lines of a table. Pure.
#ifndef SAMVERK_CLIENTS_CLI_FORMAT_H_
#define SAMVERK_CLIENTS_CLI_FORMAT_H_

#include <string>
#include <string_view>

#include "clients/cli/style.h"
#include "google/protobuf/repeated_field.h"
#include "samverk/admin/v1/admin_service.pb.h"
#include "samverk/event/v1/types.pb.h"
#include "samverk/view/v1/common.pb.h"

namespace samverk::cli {

using Strings = google::protobuf::RepeatedPtrField<std::string>;

// "270 000 kr", with "ca" where it is an estimate; empty when it is not set.
std::string MoneyCell(const event::v1::Money& money, const Style& style);
std::string FigureCell(const view::v1::Figure& figure, const Style& style);

// "hösten 2025"; "okänt" when it is not known.
std::string WhenCell(const view::v1::When& when, const Style& style);

// Place, description or coordinates.
std::string WhereCell(const event::v1::Where& where);

// "34 (boende 20, barn 14)"; "ca" when estimated; says when nobody counted.
std::string HeadcountCell(const event::v1::Headcount& heads,
                          const Style& style);

// "a, b, c".
std::string Joined(const Strings& strings, std::string_view separator = ", ");

// "Budget: augustenborg" and what it was answered from, as the first two lines
// of a view.
std::string ViewHeading(std::string_view title, std::string_view process,
                        std::string_view period,
                        const view::v1::Answered& answered, const Style& style);

// A heading of a part of a view, with an empty line before it.
std::string PartHeading(std::string_view title, const Style& style);

// How the server and its projections are doing.
std::string ProjectionsText(const google::protobuf::RepeatedPtrField<
                                admin::v1::ProjectionStatus>& projections,
                            const Style& style);
std::string StatusText(const admin::v1::GetStatusResponse& status,
                       const Style& style);

// What to say of a part that has nothing in it.
std::string Nothing(const Style& style);

}  // namespace samverk::cli

#endif  // SAMVERK_CLIENTS_CLI_FORMAT_H_
