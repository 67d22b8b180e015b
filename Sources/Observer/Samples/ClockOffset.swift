internal import OpsModel

/// How far another clock is from ours, by the `Date` of an answer.
enum ClockOffset {
    /// Seconds by which the other is ahead; 0 when both may show the same.
    ///
    /// A `Date` has whole seconds, and is written at some moment between question and answer: of all differences that explain
    /// what was said this is the least.
    static func seconds(said: Timestamp, asked: Timestamp, answered: Timestamp) -> Double {
        let (least, most) = (said - answered, said + 1 - asked)
        return least > 0 ? least : min(0, most)
    }
}
