# Enquiries: asked by suppliers, answered to all.
field-enquiry-date = Questions until: day (optional)
field-enquiry-time = Questions until: time
field-enquiry-hint = Until when suppliers may ask you. If empty, the law you choose sets it.
error-enquiry-outside = Questions can be asked only between publication and deadline
