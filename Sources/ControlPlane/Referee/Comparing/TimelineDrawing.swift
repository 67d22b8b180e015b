import OpsModel

/// One run as an SVG picture: how each journey fared, and what happened when.
struct TimelineDrawing {
    private static let left = 90.0
    private static let width = 900.0
    private static let strip = 34.0
    private static let gap = 8.0
    private static let head = 22.0
    private static let labelWidth = 13.0

    var timeline: RunTimeline

    var svg: String {
        let height = Self.head + Double(timeline.journeys.count) * (Self.strip + Self.gap) + 18
        let strips = timeline.journeys.enumerated().map { strip($0.element, top: top($0.offset)) }
        let marks = marks(bottom: height - 18)
        return """
            <svg viewBox="0 0 \(number(Self.left + Self.width + 20)) \(number(height))" role="img" \
            aria-label="journeys over \(number(length)) seconds">\((strips + marks + axis(height)).joined())</svg>
            """
    }

    /// The numbered list that goes with the picture.
    var legend: String {
        let rows = timeline.moments.enumerated().map { index, moment in
            """
            <li value="\(index + 1)"><b>\(number(moment.atS)) s</b> <code>\(Markup.escaped(moment.type))</code> \
            \(Markup.escaped(moment.message))</li>
            """
        }
        return "<ol>\(rows.joined())</ol>"
    }

    /// Seconds that the picture covers.
    private var length: Double {
        let last = timeline.journeys.map { Double($0.fromS + $0.good.count) }.max() ?? 0
        return max(1, max(last, timeline.moments.last?.atS ?? 0))
    }

    private func top(_ index: Int) -> Double { Self.head + Double(index) * (Self.strip + Self.gap) }

    private func x(_ second: Double) -> Double { Self.left + max(0, second) / length * Self.width }

    /// One journey: a bar for each second, as high as the share that failed; a second without requests stays open.
    private func strip(_ trace: JourneyTrace, top: Double) -> String {
        let wide = Self.width / length
        let bars = trace.good.enumerated().compactMap { index, good -> String? in
            guard let good, good < 1 else { return nil }
            let tall = max(1.5, (1 - good) * Self.strip)
            let second = Double(trace.fromS + index)
            let kind = good < trace.objective - 0.05 ? "bad" : "noise"
            return """
                <rect class="\(kind)" x="\(number(x(second)))" y="\(number(top + Self.strip - tall))" \
                width="\(number(max(0.8, wide - 0.3)))" height="\(number(tall))"/>
                """
        }
        let from = x(Double(trace.fromS))
        let to = x(Double(trace.fromS + trace.good.count))
        return """
            <text class="name" x="\(number(Self.left - 8))" y="\(number(top + Self.strip / 2 + 4))">\
            \(Markup.escaped(trace.journey))</text>\
            <rect class="strip" x="\(number(from))" y="\(number(top))" width="\(number(to - from))" \
            height="\(number(Self.strip))"/>\(silences(trace, top: top).joined())\(bars.joined())
            """
    }

    /// Where a journey had no requests, it was neither well nor ill.
    private func silences(_ trace: JourneyTrace, top: Double) -> [String] {
        trace.good.enumerated().filter { $0.element == nil }.map { index, _ in
            let second = Double(trace.fromS + index)
            return """
                <rect class="silent" x="\(number(x(second)))" y="\(number(top))" \
                width="\(number(Self.width / length + 0.2))" height="\(number(Self.strip))"/>
                """
        }
    }

    /// Each moment a line; a number above it where there is room, in one of two rows.
    private func marks(bottom: Double) -> [String] {
        var taken = [-100.0, -100.0]
        return timeline.moments.enumerated().map { index, moment in
            let place = x(moment.atS)
            let row = taken[0] <= taken[1] ? 0 : 1
            let hasRoom = place - taken[row] >= Self.labelWidth
            if hasRoom { taken[row] = place }
            let high = row == 0 ? 18.0 : 9.0
            let label = hasRoom ? "<text x=\"\(number(place))\" y=\"\(number(high))\">\(index + 1)</text>" : ""
            let kind = moment.type.hasPrefix("run.") ? "referee" : "incident"
            return """
                <line class="\(kind)" x1="\(number(place))" y1="\(number(Self.head - 2))" x2="\(number(place))" \
                y2="\(number(bottom))"><title>\(index + 1): \(number(moment.atS)) s \(Markup.escaped(moment.message))</title>\
                </line>\(label)
                """
        }
    }

    private func axis(_ height: Double) -> [String] {
        let step = length > 120 ? 30.0 : 10.0
        return stride(from: 0, through: length, by: step).map { second in
            "<text class=\"tick\" x=\"\(number(x(second)))\" y=\"\(number(height - 4))\">\(number(second)) s</text>"
        }
    }

    private func number(_ value: Double) -> String {
        let tenths = (value * 10).rounded() / 10
        return Int(exactly: tenths).map(String.init) ?? "\(tenths)"
    }
}
