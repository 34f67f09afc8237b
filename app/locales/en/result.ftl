# The result: its steps, its pictures, how firmly it stands, what if.
show-as-table = Show as table
column-criterion = Criterion
column-published = Published weight
column-stays = Stays first
column-under = First below that
column-over = First above that
column-decided = Decided by
column-first-then = First then
column-moved = Other places
tie-by-lots = Tie on everything published, decided by lot
evaluator-number = Evaluator { $n }

step-exclusions = Exclusions
excluded-none = Nobody was excluded.
excluded = Excluded
step-thresholds = Least scores
threshold-none = No criterion has a least score.
threshold-of = { $criterion }: at least { $least } of { $max }
threshold-below = { $name }: { $score } in { $criterion }. Shown, not ranked.
threshold-all = Nobody is below them.
step-prices = Prices
price-none = Prices are not scored.
price-by-lowest = { $criterion }: { $weight } × lowest price ÷ own price. The lowest price among those left is { $lowest }.
price-by-lowest-none = { $criterion }: { $weight } × lowest price ÷ own price. Nobody is left whose price would count.
price-by-ceiling = { $criterion }: { $weight } × (1 − own price ÷ { $ceiling }), and never less than 0.
step-sums = Points and totals
step-sums-text = Points of a criterion are its weight × the final score ÷ the end of the scale; the final score is the sum of the scores ÷ how many scored. Open a response to follow it.
step-sums-text-agreed = Points of a criterion are its weight × the score on which the panel agreed ÷ the end of the scale. Open a response to follow it.
steps-summary = { $name }: { $total }
total-threshold-none = There is no least total.
total-threshold = The least total is { $least }.
total-threshold-all = Nobody who was left is below it.
step-ranks = Ranks
tie-list = The highest total goes first. Between equal totals, in this order: { $list }.
tie-step-price = the lower price
tie-step-lots = lots
decided-alone = Nobody else is ranked
decided-total = The total
decided-criterion = Equal total; the score in { $criterion }
decided-price = Equal total; the price
decided-lots = Equal in everything published; a lot
decided-tied = Equal in everything published; lots are not drawn yet

heat-title = Final scores
heat-about = Each response in each criterion, darker where the score is higher. Columns: { $key }.
heat-column = { $criterion } (0 to { $max })
picture-rest = The picture shows the first { $n }; the table has all.
spread-title = Each evaluator’s score
spread-about = Each point is a score on the scale of its criterion, larger where several people gave it. Columns: { $key }.

firmly-title = How firmly the first place stands
firmly-text = This explains the result and decides nothing. It is computed by the function that made the ranking.
firmly-nobody = Nobody is ranked.
firmly-tied = The first place is shared, so there is no single one whose place could be tried.
nobody-ranked = Nobody
ranges-title = The weights at which { $name } stays first
ranges-about = For each criterion, a bar over the weights from 0 to 100 at which the first place holds while all other weights keep their proportions. The line marks the published weight.
ranges-row = { $criterion }, { $weight }%
ranges-span = { $from } to { $to }
ranges-any = any weight
ranges-whole = the whole weight: nothing to scale
ranges-below-total = nobody: below the least total
change-none = No change of one score would change the first place.
change-points = { $n ->
    [one] One point in one score would change the first place.
   *[other] { $n } points in one score would change the first place; fewer would not.
}
change-which = { $criterion }, { $name }: { $to } instead of { $from }.
change-by = Scored by { $names }.
change-then = First then: { $name }.
change-then-shared = Then { $names } would share the first place.
change-then-nobody = Then nobody would be ranked.
change-more = { $n ->
    [one] One other score would do it by as little.
   *[other] { $n } other scores would do it by as little.
}
without-criterion = Without
without-criterion-title = Without one criterion
without-evaluator = Without
without-evaluator-title = Without one evaluator
without-response = Without
without-response-title = Without one response
without-others = Without any other response, all places stay as they are.
without-none = No ranking is left
moved-none = unchanged
moved = { $n ->
    [one] 1 changes
   *[other] { $n } change
}: { $top }

what-if-title = What if the weights were others
what-if-text = Nothing of what was published changes, and nobody’s place does. Weights that you leave as they are keep their proportions and share the rest. That you looked is recorded.
what-if-weight = { $criterion } (published: { $weight })
what-if-slider = Weight of { $criterion }
what-if-show = Show the ranking
what-if-back = Back to the published weights
what-if-first = First at these weights: { $names }
what-if-caption = Ranking at these weights
column-rank-published = Published rank

lots-title = Lots
lots-text = Where responses are equal in everything published, nobody chooses: one person asks for lots, another draws them, and everybody can check the draw.
lots-needed = Rank { $rank } is shared by { $names }.
lots-ask = Ask for lots to be drawn
lots-draw = Draw the lots
lots-asked-by = { $name } asked for lots between { $names }:
lots-drawn-by = { $name } drew them:
lots-seed = The seed, made by the system when they were drawn:
lots-again = To draw again: the lot of a response is the SHA-256 of the seed, a colon and the response’s sign; the smallest lot goes first. For one of them:
column-place = Place
column-response-id = Sign
column-lot = Lot (SHA-256)
done-lots-asked = The lots are asked for. Somebody else of the team, or the chair, draws them.
done-lots-drawn = The lots are drawn.
error-not-tied = Nobody shares this rank any more. Read the result again.
refusal-lots-own = You asked for these lots. Somebody else of the team, or the panel’s chair, draws them.
refusal-lots-not-asked = An officer of the team asks for lots first.
