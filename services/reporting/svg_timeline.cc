#include "services/reporting/svg_timeline.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "absl/strings/str_cat.h"
#include "proto/codec/edtf.h"
#include "services/reporting/svg_canvas.h"

namespace samverk {

using report::v1::ReportModel;
using report::v1::TimelineChart;
using view::v1::TimelineEntry;
using view::v1::TimelineKind;

namespace {

constexpr int kWidth = 1000;
constexpr int kMargin = 10;
constexpr int kTextSize = 18;
constexpr int kLineHeight = 22;
constexpr int kSmallSize = 16;
constexpr int kBarHeight = 10;
constexpr int kPhaseHeight = 16;
constexpr int kLabelWidthMin = 250;
constexpr int kLabelLinesMax = 4;
constexpr int kGap = 14;
// A shorter interval than this is drawn as a point.
constexpr int kIntervalWidthMin = 12;
constexpr int kSign = 8;  // radius of the sign of a grade
constexpr int kAxisHeight = 74;

// Kinds of entries share tracks.
enum class Track { kPhases, kDecisions, kShifts, kWork, kActivities, kPlan };

struct TrackWords {
  Track track;
  std::string_view sv;
  std::string_view en;
};
constexpr std::array<TrackWords, 6> kTracks = {{
    {Track::kPhases, "Faser", "Phases"},
    {Track::kDecisions, "Beslut och bidrag", "Decisions and grants"},
    {Track::kShifts, "Förflyttningar", "Shifts"},
    {Track::kWork, "Åtgärder, utredningar och initiativ",
     "Measures, studies and initiatives"},
    {Track::kActivities, "Aktiviteter", "Activities"},
    {Track::kPlan, "Planerat", "Planned"},
}};

Track TrackOf(TimelineKind kind) {
  switch (static_cast<int>(kind)) {
    case view::v1::TIMELINE_KIND_PHASE:
      return Track::kPhases;
    case view::v1::TIMELINE_KIND_DECISION:
    case view::v1::TIMELINE_KIND_GRANT:
    case view::v1::TIMELINE_KIND_REPORT:
      return Track::kDecisions;
    case view::v1::TIMELINE_KIND_SHIFT:
    case view::v1::TIMELINE_KIND_ACHIEVEMENT:
      return Track::kShifts;
    case view::v1::TIMELINE_KIND_ACTIVITY:
      return Track::kActivities;
    case view::v1::TIMELINE_KIND_PLAN:
      return Track::kPlan;
    default:
      return Track::kWork;
  }
}

// An entry laid out: its shape from x0 to x1, its label from label_x on.
struct Item {
  const TimelineEntry* entry = nullptr;
  int x0 = 0;
  int x1 = 0;
  int label_x = 0;
  int label_width = 0;
  int height = 0;
  std::vector<std::string> lines;
  std::string note;  // time, grade, hedge

  int left() const { return std::min(x0, label_x); }
  int right() const { return std::max(x1, label_x + label_width); }
};

// Items of one lane stand beside each other.
struct Lane {
  std::vector<Item> items;
  int height = 0;
  bool Fits(const Item& item) const {
    for (const Item& other : items) {
      if (item.left() < other.right() + kGap &&
          other.left() < item.right() + kGap) {
        return false;
      }
    }
    return true;
  }
};

// What the sign of a grade takes in front of the note.
int SignSpace(const TimelineEntry& entry) {
  return entry.grade() == view::v1::GRADE_UNSPECIFIED ? 0 : 2 * kSign + 6;
}

class TimelineDrawing {
 public:
  TimelineDrawing(const TimelineChart& chart, const ReportModel& report,
                  const ReportWords& words, std::string_view id)
      : chart_(chart),
        report_(report),
        words_(words),
        canvas_(id),
        from_us_(codec::StockholmMidnightUs(chart.first_year(), 1, 1)),
        to_us_(codec::StockholmMidnightUs(chart.last_year() + 1, 1, 1)) {}

  std::string Draw();

 private:
  int X(int64_t time_us) const;
  Item LaidOut(const TimelineEntry& entry) const;
  std::vector<Lane> LanesOf(Track track) const;
  void DrawGround(int height);
  void DrawAxis();
  void DrawTrack(const TrackWords& track, const std::vector<Lane>& lanes);
  void DrawItem(const Item& item);
  void DrawShape(const Item& item);
  void DrawSign(view::v1::Grade grade, int x, int y);
  void DrawLegend();

  const TimelineChart& chart_;
  const ReportModel& report_;
  const ReportWords& words_;
  SvgCanvas canvas_;
  const int64_t from_us_;
  const int64_t to_us_;
  int y_ = kAxisHeight;
};

// Times outside the years shown are drawn at their edge.
int TimelineDrawing::X(int64_t time_us) const {
  const int64_t span_s = (to_us_ - from_us_) / 1'000'000;
  const int64_t at_s =
      (std::clamp(time_us, from_us_, to_us_) - from_us_) / 1'000'000;
  return kMargin + static_cast<int>(at_s * (kWidth - 2 * kMargin) / span_s);
}

Item TimelineDrawing::LaidOut(const TimelineEntry& entry) const {
  Item item;
  item.entry = &entry;
  item.x0 = X(entry.when().from_us());
  item.x1 = X(entry.when().to_us());
  event::v1::Occurred when;
  when.set_edtf(entry.when().edtf());
  when.set_circa(entry.when().circa());
  item.note = words_.Time(when);
  for (const std::string& part :
       {words_.Grade(entry.grade()), words_.Hedge(entry.hedge()),
        entry.claimed_only() ? words_.Mark("claimed") : std::string()}) {
    if (!part.empty()) absl::StrAppend(&item.note, " · ", part);
  }
  const int width_max = std::min(std::max(item.x1 - item.x0, kLabelWidthMin),
                                 kWidth - 2 * kMargin);
  item.lines = WrapText(entry.title(), kTextSize, width_max, kLabelLinesMax);
  const int sign = SignSpace(entry);
  item.note = WrapText(item.note, kSmallSize, width_max - sign, 1)[0];
  for (const std::string& line : item.lines) {
    item.label_width = std::max(item.label_width, TextWidth(line, kTextSize));
  }
  item.label_width =
      std::max(item.label_width, sign + TextWidth(item.note, kSmallSize));
  // A label that would leave the drawing moves to the left.
  item.label_x =
      std::max(kMargin, std::min(item.x0, kWidth - kMargin - item.label_width));
  item.height =
      (TrackOf(entry.kind()) == Track::kPhases ? kPhaseHeight : kBarHeight) +
      static_cast<int>(item.lines.size()) * kLineHeight + kLineHeight + kGap;
  return item;
}

std::vector<Lane> TimelineDrawing::LanesOf(Track track) const {
  std::vector<Lane> lanes;
  for (const TimelineEntry& entry : chart_.entries()) {
    if (TrackOf(entry.kind()) != track) continue;
    if (entry.when().to_us() <= from_us_ || entry.when().from_us() >= to_us_) {
      continue;  // Outside the years shown.
    }
    Item item = LaidOut(entry);
    Lane* free = nullptr;
    for (Lane& lane : lanes) {
      if (free == nullptr && lane.Fits(item)) free = &lane;
    }
    if (free == nullptr) free = &lanes.emplace_back();
    free->height = std::max(free->height, item.height);
    free->items.push_back(std::move(item));
  }
  return lanes;
}

// Years as fields, the report's period and the state of knowledge.
void TimelineDrawing::DrawGround(int height) {
  for (int year = chart_.first_year(); year <= chart_.last_year(); ++year) {
    const int x0 = X(codec::StockholmMidnightUs(year, 1, 1));
    const int x1 = X(codec::StockholmMidnightUs(year + 1, 1, 1));
    canvas_.Rect(x0, 0, x1 - x0, height,
                 (year - chart_.first_year()) % 2 == 0 ? "year" : "year-other");
  }
  const auto period = codec::ParseEdtf(report_.period());
  if (!report_.period().empty() && period.ok()) {
    const int x0 = X(period->from_us);
    const int x1 = X(period->to_us);
    if (x1 > x0) canvas_.Rect(x0, kAxisHeight - 10, x1 - x0, 6, "period");
  }
  if (report_.as_of_recorded_us() > from_us_ &&
      report_.as_of_recorded_us() < to_us_) {
    const int x = X(report_.as_of_recorded_us());
    canvas_.Line(x, kAxisHeight - 10, x, height, "as-of");
  }
}

void TimelineDrawing::DrawAxis() {
  struct Season {
    int month;
    std::string_view sv;
    std::string_view en;
  };
  // Seasons as EDTF has them here; winter is the rest.
  static constexpr std::array<Season, 3> kSeasons = {
      {{3, "vår", "spring"}, {6, "sommar", "summer"}, {9, "höst", "autumn"}}};
  const bool seasons = chart_.last_year() - chart_.first_year() < 4;
  for (int year = chart_.first_year(); year <= chart_.last_year(); ++year) {
    const int x0 = X(codec::StockholmMidnightUs(year, 1, 1));
    const int x1 = X(codec::StockholmMidnightUs(year + 1, 1, 1));
    canvas_.Text((x0 + x1) / 2, 28, absl::StrCat(year), "year-label", "middle");
    if (!seasons) continue;
    for (const Season& season : kSeasons) {
      const int from = X(codec::StockholmMidnightUs(year, season.month, 1));
      const int to = X(codec::StockholmMidnightUs(year, season.month + 3, 1));
      canvas_.Line(from, 36, from, 44, "tick");
      canvas_.Line(to, 36, to, 44, "tick");
      canvas_.Text((from + to) / 2, 55, words_.Say(season.sv, season.en),
                   "season", "middle");
    }
  }
}

// The sign of a grade: a ring, a half, a full disc, a crossed ring.
void TimelineDrawing::DrawSign(view::v1::Grade grade, int x, int y) {
  const bool full = grade == view::v1::GRADE_INDEPENDENTLY_CONFIRMED;
  canvas_.Circle(x, y, kSign, full ? "sign-full" : "sign");
  if (grade == view::v1::GRADE_SUBSTANTIATED) {
    canvas_.HalfCircle(x, y, kSign, "sign-full");
  }
  if (grade == view::v1::GRADE_DISPUTED) {
    canvas_.Line(x - 5, y - 5, x + 5, y + 5, "cross");
    canvas_.Line(x - 5, y + 5, x + 5, y - 5, "cross");
  }
}

void TimelineDrawing::DrawShape(const Item& item) {
  const Track track = TrackOf(item.entry->kind());
  const int height = track == Track::kPhases ? kPhaseHeight : kBarHeight;
  const int width = item.x1 - item.x0;
  const bool intended = track == Track::kPlan || item.entry->claimed_only() ||
                        !words_.Hedge(item.entry->hedge()).empty();
  if (width < kIntervalWidthMin) {
    canvas_.Diamond((item.x0 + item.x1) / 2, y_ + height / 2, height / 2 + 2,
                    intended ? "point-plan" : "point");
  } else if (intended) {
    canvas_.HatchedRect(item.x0 + 1, y_, width - 2, height, "span-plan", 3);
  } else {
    canvas_.Rect(item.x0 + 1, y_, width - 2, height,
                 track == Track::kPhases       ? "span-phase"
                 : track == Track::kShifts     ? "span-shift"
                 : track == Track::kActivities ? "span-activity"
                                               : "span",
                 3);
  }
}

void TimelineDrawing::DrawItem(const Item& item) {
  DrawShape(item);
  int y = y_ + (TrackOf(item.entry->kind()) == Track::kPhases ? kPhaseHeight
                                                              : kBarHeight);
  for (const std::string& line : item.lines) {
    y += kLineHeight;
    canvas_.Text(item.label_x, y, line, "label-small");
  }
  y += kLineHeight - 2;
  int x = item.label_x;
  if (SignSpace(*item.entry) > 0) {
    DrawSign(item.entry->grade(), x + kSign, y - 6);
  }
  x += SignSpace(*item.entry);
  canvas_.Text(x, y, item.note, "note");
}

void TimelineDrawing::DrawTrack(const TrackWords& track,
                                const std::vector<Lane>& lanes) {
  if (lanes.empty()) return;
  canvas_.Line(0, y_, kWidth, y_, "track-line");
  y_ += 28;
  canvas_.Text(kMargin, y_, words_.Say(track.sv, track.en), "heading");
  y_ += 12;
  for (const Lane& lane : lanes) {
    for (const Item& item : lane.items) DrawItem(item);
    y_ += lane.height;
  }
}

void TimelineDrawing::DrawLegend() {
  canvas_.Line(0, y_, kWidth, y_, "track-line");
  y_ += 28;
  int x = kMargin;
  const auto next = [&](int sign_width, std::string_view text) {
    const int width = sign_width + 8 + TextWidth(text, kSmallSize) + 22;
    if (x + width > kWidth) {
      x = kMargin;
      y_ += 28;
    }
    canvas_.Text(x + sign_width + 8, y_, text, "note");
    const int at = x;
    x += width;
    return at;
  };
  const std::array<view::v1::Grade, 4> grades = {
      view::v1::GRADE_CLAIMED, view::v1::GRADE_SUBSTANTIATED,
      view::v1::GRADE_INDEPENDENTLY_CONFIRMED, view::v1::GRADE_DISPUTED};
  for (const view::v1::Grade grade : grades) {
    const int at = next(2 * kSign, words_.Grade(grade));
    DrawSign(grade, at + kSign, y_ - 6);
  }
  const int plan =
      next(30, words_.Say("avsikt eller antagande", "intention or assumption"));
  canvas_.HatchedRect(plan, y_ - 12, 30, kBarHeight, "span-plan", 3);
  const int period =
      next(30, words_.Say("rapportens period", "the report's period"));
  canvas_.Rect(period, y_ - 9, 30, 6, "period");
  const int as_of =
      next(12, absl::StrCat(std::string(words_.Say("kunskapsläge ", "as of ")),
                            codec::DateText(report_.as_of_recorded_us())));
  canvas_.Line(as_of + 6, y_ - 16, as_of + 6, y_ + 4, "as-of");
  y_ += 16;
}

std::string TimelineDrawing::Draw() {
  // The ground lies under everything, so the height is found first.
  int height = kAxisHeight;
  std::array<std::vector<Lane>, kTracks.size()> lanes;
  for (size_t i = 0; i < kTracks.size(); ++i) {
    lanes[i] = LanesOf(kTracks[i].track);
    if (lanes[i].empty()) continue;
    height += 40;
    for (const Lane& lane : lanes[i]) height += lane.height;
  }
  DrawGround(height);
  DrawAxis();
  for (size_t i = 0; i < kTracks.size(); ++i) DrawTrack(kTracks[i], lanes[i]);
  DrawLegend();
  return canvas_.Finish(chart_.title(), chart_.description(), kWidth, y_);
}

}  // namespace

std::string TimelineSvg(const TimelineChart& chart, const ReportModel& report,
                        const ReportWords& words, std::string_view id) {
  return TimelineDrawing(chart, report, words, id).Draw();
}

}  // namespace samverk
